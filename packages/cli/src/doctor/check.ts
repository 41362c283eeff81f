/** What was checked and what came out. */
export interface Check {
  /** What was checked: `node`, `settings`, `traces`, `metrics`, `logs`, `read back`, `application`. */
  name: string;
  /** `error`: telemetry is missing because of it. `warning`: it works, and something is not as it should be. */
  state: 'ok' | 'warning' | 'error';
  /** One sentence without a full stop. */
  what: string;
  /** What to do about it; absent when all is well. */
  advice?: string;
}
