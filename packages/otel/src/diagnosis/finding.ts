/** What can be wrong with the telemetry of a process. */
export type FindingCode =
  | 'LOADED_BEFORE_PRELOAD'
  | 'NOT_INSTRUMENTABLE'
  | 'BUNDLED'
  | 'API_COPY_INCOMPATIBLE'
  | 'OTHER_SDK_FIRST'
  | 'OTHER_SDK_LATER'
  | 'OTHER_INSTRUMENTATION'
  | 'OTHER_TOOL'
  | 'PRELOADED_TWICE'
  | 'STARTED_TWICE';

/** One thing that is wrong, and what to do about it. */
export interface Finding {
  readonly code: FindingCode;
  /** `error`: telemetry is missing because of it. `warning`: it works, and something is not as it should be. */
  readonly severity: 'error' | 'warning';
  /** One sentence without a full stop. */
  readonly what: string;
  /** What to do, one sentence without a full stop. */
  readonly advice: string;
}
