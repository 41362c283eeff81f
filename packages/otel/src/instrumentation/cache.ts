import { context, type Span } from '@opentelemetry/api';
import { metricsCollector } from '@crmbet/metrics';
import { getCorrelationId } from '@crmbet/correlation';

/** Commands that read keys: whether each answer stands for one value, for a list of values, or for a whole hash. */
const reads: Readonly<Record<string, 'value' | 'values' | 'hash'>> = {
  get: 'value',
  getex: 'value',
  getdel: 'value',
  hget: 'value',
  hgetall: 'hash',
  mget: 'values',
  hmget: 'values',
};
/** Prefixes of keys that are kinds of things and not things. */
const kindOfKey = /^[A-Za-z][\w.-]{0,39}$/;

/** Counts hits and misses of one answered Redis command; the hook of both clients' instrumentations. */
export function countCacheAccess(span: Span, command: string, args: readonly unknown[], answer: unknown): void {
  const shape = reads[command.toLowerCase()];
  // Inside a transaction the answer is `QUEUED`; the values come with EXEC.
  if (shape === undefined || String(answer) === 'QUEUED') return;
  const { traceId, spanId, traceFlags } = span.spanContext();
  const origin = { traceId, spanId, traceFlags, correlationId: getCorrelationId(context.active()) };
  const keys = command.toLowerCase() === 'mget' ? args.flat() : args;
  const answers = shape === 'values' && Array.isArray(answer) ? (answer as unknown[]) : [answer];
  for (const [index, value] of answers.entries()) {
    const kind = keyType(command.toLowerCase() === 'mget' ? keys[index] : keys[0]);
    if (shape === 'hash' ? isEmpty(value) : value === null || value === undefined) {
      metricsCollector.trackCacheMiss('redis', kind, origin);
    } else {
      metricsCollector.trackCacheHit('redis', kind, origin);
    }
  }
}

/** `user` of `user:42`; `other` where what stands before the colon could be part of the key, or there is none. */
export function keyType(key: unknown): string {
  const text = typeof key === 'string' || key instanceof Buffer ? String(key) : '';
  const separator = text.indexOf(':');
  const prefix = text.slice(0, Math.max(0, separator));
  return kindOfKey.test(prefix) ? prefix : 'other';
}

function isEmpty(hash: unknown): boolean {
  if (hash === null || hash === undefined) return true;
  if (Array.isArray(hash)) return hash.length === 0;
  return hash instanceof Map ? hash.size === 0 : Object.keys(hash).length === 0;
}
