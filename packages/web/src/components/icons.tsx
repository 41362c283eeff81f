import type { JSX } from 'preact';

const paths = {
  chevron: 'M6 4l4 4-4 4',
  error: 'M8 4.5v4.2M8 11.4v.1M8 1.8 14.6 13.6H1.4Z',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  check: 'M3 8.5l3.2 3L13 4.5',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1.2v1.2M8 13.6v1.2M1.2 8h1.2M13.6 8h1.2M3.2 3.2l.8.8M12 12l.8.8M12.8 3.2l-.8.8M4 12l-.8.8',
  moon: 'M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5 5.8 5.8 0 1 0 13.5 9.6Z',
  system: 'M2 3h12v8H2zM6 14h4M8 11v3',
  close: 'M4 4l8 8M12 4l-8 8',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.4 10.4 14 14',
  refresh: 'M13.2 6A5.5 5.5 0 1 0 13.5 9M13.5 2.5V6H10',
  span: 'M2 5h8M5 8h7M8 11h6',
  log: 'M3 3.5h10M3 6.5h10M3 9.5h7M3 12.5h5',
  metric: 'M2 13.5h12M4 11V8M8 11V3.5M12 11V6',
  trace: 'M2 4h7M5 8h6M9 12h5',
} as const;

/** A line icon of 16 pixels; decoration unless `label` says what it means. */
export function Icon({ name, label }: { name: keyof typeof paths; label?: string }): JSX.Element {
  return (
    <svg
      class={`icon icon-${name}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={label === undefined ? 'true' : undefined}
    >
      <path d={paths[name]} />
    </svg>
  );
}
