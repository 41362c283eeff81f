import type { Signal } from './signal.ts';

/** A message with `Buffer`s for IDs and bytes, from which `encodeOtlp` of the testkit and `toJson` make both encodings. */
export type Message = Record<string, unknown>;

export const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
export const SPAN_ID = 'b7ad6b7169203331';

export function bytesOf(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

/** `KeyValue`s of strings. */
export function attributes(values: Record<string, string>): Message[] {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

/** An export request with one resource and one scope around its records. */
export function requestOf(signal: Signal, records: Message[], service = 'orders'): Message {
  const resource = { attributes: attributes({ 'service.name': service }) };
  const scope = { name: 'tests' };
  if (signal === 'traces') return { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: records }] }] };
  if (signal === 'logs') return { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: records }] }] };
  return { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: records }] }] };
}

/** OTLP/JSON: IDs in hexadecimal, other bytes in base64. */
export function toJson(message: Message): Uint8Array {
  function replace(this: Message, key: string, value: unknown): unknown {
    const original = this[key];
    if (!Buffer.isBuffer(original)) return value;
    return original.toString(key.endsWith('Id') ? 'hex' : 'base64');
  }
  return Buffer.from(JSON.stringify(message, replace));
}
