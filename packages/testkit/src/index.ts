export { freePort } from './free-port.ts';
export type { OtlpSignal } from './otlp-decode.ts';
export type { ReceivedBatch, ReceivedLog, ReceivedSpan } from './otlp-flatten.ts';
export type { ReceivedExemplar, ReceivedMetricPoint } from './otlp-flatten-metrics.ts';
export { startOtlpServer, type OtlpServer, type OtlpServerOptions, type ReceivedRequest } from './otlp-server.ts';
export type { ReceivedAttributes, ReceivedOrigin, ReceivedValue } from './otlp-values.ts';
export { runFixture, type Fixture, type FixtureExit, type FixtureOptions } from './run-fixture.ts';
export { temporaryFolder } from './temporary-folder.ts';
export { waitUntil, type WaitOptions } from './wait-until.ts';
