import { gunzipSync } from 'node:zlib';
import { decodeOtlp } from '@crmbet/testkit';

export interface ReceivedBody {
  readonly path: string;
  readonly encoding: string | undefined;
  readonly type: string | undefined;
  readonly body: Buffer;
}

export interface Counted {
  /** Requests that the exported spans tell of. */
  requests: number;
  spans: number;
  /** Whether a metric of HTTP requests came. */
  httpMetrics: boolean;
  bytes: number;
}

const SPAN_KIND_SERVER = 2;
/** As MessagePack writes the key: its length and its text. */
const spanIdKey = Buffer.from('\u00a7span_id', 'latin1');

/** Counts what was exported, whatever the protocol. */
export function count(bodies: readonly ReceivedBody[]): Counted {
  const counted: Counted = { requests: 0, spans: 0, httpMetrics: false, bytes: 0 };
  for (const { path, encoding, type, body } of bodies) {
    counted.bytes += body.length;
    const plain = encoding === 'gzip' ? gunzipSync(body) : body;
    const otlpEncoding = type?.includes('json') ? 'json' : 'protobuf';
    if (path === '/v1/traces') countOtlpSpans(decodeOtlp('traces', otlpEncoding, plain), counted);
    else if (path === '/v1/metrics') countOtlpMetrics(decodeOtlp('metrics', otlpEncoding, plain), counted);
    else if (path.includes('/envelope')) countEnvelope(plain, counted);
    else if (/^\/v0\.[45]\/traces/.test(path)) countDatadog(plain, counted);
  }
  return counted;
}

function countOtlpSpans(request: ReturnType<typeof decodeOtlp>, counted: Counted): void {
  const spans = (request.resourceSpans ?? []).flatMap(({ scopeSpans }) =>
    (scopeSpans ?? []).flatMap(({ spans }) => spans ?? []),
  );
  counted.spans += spans.length;
  counted.requests += spans.filter(({ kind }) => kind === SPAN_KIND_SERVER).length;
}

function countOtlpMetrics(request: ReturnType<typeof decodeOtlp>, counted: Counted): void {
  const metrics = (request.resourceMetrics ?? []).flatMap(({ scopeMetrics }) =>
    (scopeMetrics ?? []).flatMap(({ metrics }) => metrics ?? []),
  );
  if (metrics.some(({ name }) => /^http[._](?:server[._])?(?:request|duration)/.test(name ?? '')))
    counted.httpMetrics = true;
}

/** An envelope is lines of JSON: a header, then pairs of an item's header and the item. A segment is what a request is. */
function countEnvelope(body: Buffer, counted: Counted): void {
  const lines = body.toString('utf8').split('\n');
  for (let index = 1; index + 1 < lines.length; index += 2) {
    const { type } = JSON.parse(lines[index] ?? '{}') as { type?: string };
    if (type !== 'span') continue;
    const { items } = JSON.parse(lines[index + 1] ?? '{}') as { items: { is_segment?: boolean }[] };
    counted.spans += items.length;
    counted.requests += items.filter((item) => item.is_segment === true).length;
  }
}

/** A body is an array of traces, one for each request, whose spans are maps. */
function countDatadog(body: Buffer, counted: Counted): void {
  counted.requests += msgpackLength(body);
  for (let at = body.indexOf(spanIdKey); at >= 0; at = body.indexOf(spanIdKey, at + 1)) counted.spans += 1;
}

/** Length of the array that a MessagePack body is. */
function msgpackLength(body: Buffer): number {
  const first = body[0] ?? 0;
  if (first >> 4 === 9) return first & 15;
  if (first === 0xdc) return body.readUInt16BE(1);
  if (first === 0xdd) return body.readUInt32BE(1);
  throw new Error(`No array of traces: 0x${first.toString(16)}`);
}
