import type { JSX } from 'preact';
import { helpOpen } from '../state/shortcuts.ts';
import { nextTheme, theme, type Theme } from '../state/theme.ts';
import { Icon } from './icons.tsx';
import { IdBox } from './id-box.tsx';

const tabs = [
  ['traces', 'Traces', ['traces', 'trace']],
  ['logs', 'Logs', ['logs']],
  ['metrics', 'Metrics', ['metrics']],
] as const;

const themeIcons = { system: 'system', light: 'sun', dark: 'moon' } as const satisfies Record<Theme, string>;

function ThemeButton(): JSX.Element {
  const label = `Colours: ${theme.value === 'system' ? 'as the system' : theme.value}. Change`;
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={nextTheme}>
      <Icon name={themeIcons[theme.value]} />
    </button>
  );
}

/** Name, pages, the box that takes any ID, colours and help. */
export function Header({ page }: { page: string }): JSX.Element {
  return (
    <header class="header">
      <a class="brand" href="/traces" aria-label="crmbet-otel, to the traces">
        <img src="/favicon.svg" alt="" width="20" height="20" />
        <span>crmbet-otel</span>
      </a>
      <nav class="tabs" aria-label="Pages">
        {tabs.map(([name, label, pages]) => (
          <a key={name} href={`/${name}`} aria-current={pages.some((one) => one === page) ? 'page' : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <IdBox />
      <div class="header-end">
        <ThemeButton />
        <button
          type="button"
          class="icon-button"
          aria-label="Keyboard help"
          title="Keyboard help (?)"
          onClick={() => {
            helpOpen.value = true;
          }}
        >
          <span aria-hidden="true">?</span>
        </button>
      </div>
    </header>
  );
}
