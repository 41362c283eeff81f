/** Says one sentence to whoever runs the process; by default a process warning on stderr. */
export type Warn = (message: string) => void;

/** Most different warnings of one registry; further ones are only counted in the diagnostics metrics. */
const MAX_WARNINGS = 200;

export function processWarning(message: string): void {
  process.emitWarning(message, { type: 'CrmbetMetricsWarning' });
}

/** Says each thing once. */
export class OnceWarner {
  private readonly warn: Warn;
  private readonly said = new Set<string>();

  constructor(warn: Warn) {
    this.warn = warn;
  }

  say(key: string, message: string): void {
    if (this.said.has(key) || this.said.size >= MAX_WARNINGS) return;
    this.said.add(key);
    this.warn(message);
  }
}
