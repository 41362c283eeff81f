import { signal } from '@preact/signals';
import { navigate } from '../router/location.ts';

/** Whether the list of keys is shown. */
export const helpOpen = signal(false);

/** Every key, as the help shows it. */
export const shortcuts: readonly (readonly [keys: string, meaning: string])[] = [
  ['/', 'Go to the ID box'],
  ['j k ↓ ↑', 'Next and previous row'],
  ['Home End', 'First and last row'],
  ['Enter', 'Open the row'],
  ['← →', 'Close and open a part of a trace'],
  ['f', 'Go to the filters'],
  ['Esc', 'Close, or leave a field'],
  ['g t', 'Traces'],
  ['g l', 'Logs'],
  ['g m', 'Metrics'],
  ['?', 'This list'],
];

const pages: Readonly<Record<string, string>> = { t: '/traces', l: '/logs', m: '/metrics' };
let goPressedAt = Number.NEGATIVE_INFINITY;
const goWithinMs = 1500;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function focusFirst(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  // Filters fold away on a narrow screen.
  element?.closest('details')?.setAttribute('open', '');
  element?.focus();
  if (element instanceof HTMLInputElement) element.select();
  return element !== null;
}

/** Moves from anywhere on the page into its main list. */
function enterList(key: string): boolean {
  const list = document.querySelector<HTMLElement>('[data-primary-list]');
  if (list === null || list.contains(document.activeElement)) return false;
  list.focus();
  list.dispatchEvent(new KeyboardEvent('keydown', { key }));
  return true;
}

function handle(event: KeyboardEvent): boolean {
  const wentTo = performance.now() - goPressedAt < goWithinMs ? pages[event.key] : undefined;
  goPressedAt = Number.NEGATIVE_INFINITY;
  if (wentTo !== undefined) {
    navigate(wentTo);
    return true;
  }
  switch (event.key) {
    case '/':
      return focusFirst('#id-box');
    case 'f':
      return focusFirst('[data-filters] input, [data-filters] select');
    case '?':
      helpOpen.value = true;
      return true;
    case 'g':
      goPressedAt = performance.now();
      return true;
    case 'j':
    case 'k':
    case 'ArrowDown':
    case 'ArrowUp':
      return enterList(event.key);
    default:
      return false;
  }
}

/** Listens to the keys that work everywhere; a field keeps its keys, except that Escape leaves it. */
export function installShortcuts(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || helpOpen.value) return;
    if (isTyping(event.target)) {
      if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
      return;
    }
    if (handle(event)) event.preventDefault();
  });
}
