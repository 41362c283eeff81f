import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import protobuf from 'protobufjs';
import { expect, test } from 'vitest';
import { encodeExportResponse, encodeStatus } from './response.ts';
import type { OtlpEncoding, Signal } from './signal.ts';

const readers = {
  protobuf: { traces: ProtobufTraceSerializer, metrics: ProtobufMetricsSerializer, logs: ProtobufLogsSerializer },
  json: { traces: JsonTraceSerializer, metrics: JsonMetricsSerializer, logs: JsonLogsSerializer },
};
const fields = { traces: 'rejectedSpans', metrics: 'rejectedDataPoints', logs: 'rejectedLogRecords' };
const cases = (['traces', 'metrics', 'logs'] as const).flatMap((signal) =>
  (['protobuf', 'json'] as const).map((encoding): [Signal, OtlpEncoding] => [signal, encoding]),
);

test.each(cases)('the SDK reads a partial success of %s in %s', (signal, encoding) => {
  const body = encodeExportResponse(signal, encoding, 300, 'why — ünï');
  const { partialSuccess } = readers[encoding][signal].deserializeResponse(body) as { partialSuccess: object };
  expect(Object.entries(partialSuccess).map(([key, value]) => [key, String(value)])).toEqual(
    expect.arrayContaining([
      [fields[signal], '300'],
      ['errorMessage', 'why — ünï'],
    ]),
  );
});

test.each(cases)('a full success of %s in %s leaves partial_success unset', (signal, encoding) => {
  const body = encodeExportResponse(signal, encoding, 0, '');
  expect(body.toString()).toBe(encoding === 'json' ? '{}' : '');
});

const rpc = protobuf.parse(`
  syntax = "proto3";
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message Duration { int64 seconds = 1; int32 nanos = 2; }
  message RetryInfo { Duration retry_delay = 1; }
  message FieldViolation { string field = 1; string description = 2; }
  message BadRequest { repeated FieldViolation field_violations = 1; }
`).root;

function read(type: string, body: Uint8Array): Record<string, unknown> {
  const message = rpc.lookupType(type);
  return message.toObject(message.decode(body), { longs: Number });
}

test('an overload is a google.rpc.Status with RetryInfo', () => {
  const status = { code: 'UNAVAILABLE', message: 'full', retryAfterSeconds: 200 } as const;
  const { code, message, details } = read('Status', encodeStatus('protobuf', status));
  const [detail] = details as { typeUrl: string; value: Uint8Array }[];
  expect({ code, message, type: detail?.typeUrl }).toEqual({
    code: 14,
    message: 'full',
    type: 'type.googleapis.com/google.rpc.RetryInfo',
  });
  expect(read('RetryInfo', detail?.value ?? Buffer.alloc(0))).toEqual({ retryDelay: { seconds: 200 } });
  expect(JSON.parse(encodeStatus('json', status).toString())).toEqual({
    code: 14,
    message: 'full',
    details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '200s' }],
  });
});

test('bad data is a google.rpc.Status with BadRequest', () => {
  const status = { code: 'INVALID_ARGUMENT', message: 'byte 3', badRequest: 'ExportLogsServiceRequest' } as const;
  const { code, details } = read('Status', encodeStatus('protobuf', status));
  const [detail] = details as { typeUrl: string; value: Uint8Array }[];
  expect([code, detail?.typeUrl]).toEqual([3, 'type.googleapis.com/google.rpc.BadRequest']);
  const fieldViolations = [{ field: 'ExportLogsServiceRequest', description: 'byte 3' }];
  expect(read('BadRequest', detail?.value ?? Buffer.alloc(0))).toEqual({ fieldViolations });
  expect(JSON.parse(encodeStatus('json', status).toString())).toMatchObject({ details: [{ fieldViolations }] });
});
