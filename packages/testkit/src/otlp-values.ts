import type { AnyValue, KeyValue } from './otlp-messages.ts';

/** int64 values that a JavaScript number cannot hold are bigints. */
export type ReceivedValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | null
  | ReceivedValue[]
  | { [key: string]: ReceivedValue };
export type ReceivedAttributes = Record<string, ReceivedValue>;

/** What every received record knows about where it came from. */
export interface ReceivedOrigin {
  /** Attributes of the resource. */
  resource: ReceivedAttributes;
  /** `service.name` of the resource; empty when absent. */
  serviceName: string;
  scopeName: string;
  scopeVersion: string;
}

/** Hexadecimal digits; empty when there are no bytes. */
export function hex(bytes: Uint8Array | undefined): string {
  return bytes ? Buffer.from(bytes).toString('hex') : '';
}

/** A plain record; of a key that is there twice, the last value. */
export function flattenAttributes(attributes: KeyValue[] = []): ReceivedAttributes {
  return Object.fromEntries(attributes.map(({ key, value }) => [key ?? '', flattenValue(value)]));
}

/** `null` for an empty value. */
export function flattenValue(value: AnyValue = {}): ReceivedValue {
  if (value.intValue !== undefined) {
    const number = Number(value.intValue);
    return Number.isSafeInteger(number) ? number : BigInt(value.intValue);
  }
  if (value.arrayValue) return (value.arrayValue.values ?? []).map((item) => flattenValue(item));
  if (value.kvlistValue) return flattenAttributes(value.kvlistValue.values);
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? value.bytesValue ?? null;
}
