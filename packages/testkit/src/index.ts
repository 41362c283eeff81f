export { describeBackend } from './backend-contract.ts';
export { contractBatch } from './backend-contract/data.ts';
export type {
  BackendUnderTest,
  ContractBackend,
  ContractBatch,
  ContractLog,
  ContractPoint,
  ContractSpan,
  ContractWriter,
} from './backend-contract/types.ts';
export { freePort } from './free-port.ts';
export { decodeOtlp, encodeOtlp, type OtlpSignal } from './otlp-decode.ts';
export { flattenRequest } from './otlp-flatten.ts';
export type { ReceivedBatch, ReceivedLog, ReceivedSpan } from './otlp-flatten.ts';
export type { ReceivedExemplar, ReceivedMetricPoint } from './otlp-flatten-metrics.ts';
export { startOtlpServer, type OtlpServer, type OtlpServerOptions, type ReceivedRequest } from './otlp-server.ts';
export type { ReceivedAttributes, ReceivedOrigin, ReceivedValue } from './otlp-values.ts';
export { runFixture, type Fixture, type FixtureExit, type FixtureOptions } from './run-fixture.ts';
export { temporaryFolder } from './temporary-folder.ts';
export { waitUntil, type WaitOptions } from './wait-until.ts';
