export { TelemetryError, type TelemetryErrorCode } from './errors.ts';
export type * from './model.ts';
export type * from './query.ts';
