/**
 * The OTLP receiver: how fast the decoder is beside protobufjs, what `crmbet-otel up` takes on one core without loss, and
 * how fast a trace is found among a million spans.
 */
import { decodeOtlp } from '@crmbet/telemetry';
import { encodeRequest, RequestSource, requestType, SPANS_PER_REQUEST, SPANS_PER_TRACE } from './receiver/messages.ts';
import type { UpProcess, Usage } from './receiver/up-process.ts';
import { startUp } from './receiver/up-process.ts';

const DECODE_ROUNDS = 30;
const DECODES_PER_ROUND = 150;
const PACED_SPANS_PER_SECOND = 10_000;
const PACED_SECONDS = 10;
const TOTAL_SPANS = 1_000_000;
const CONNECTIONS = 16;
const LOOKUPS = 300;

/** Runs the three parts and prints a line or two for each. */
export async function run(): Promise<void> {
  decoding();
  const up = await startUp();
  try {
    const source = new RequestSource();
    console.log(`receiving over OTLP/HTTP into DuckDB, ${SPANS_PER_REQUEST} spans a request; receiver on ${up.pinned}`);
    const paced = await receive(up, source, PACED_SPANS_PER_SECOND * PACED_SECONDS, PACED_SPANS_PER_SECOND);
    await receive(up, source, TOTAL_SPANS - paced, Number.POSITIVE_INFINITY);
    await lookups(up, Math.floor(TOTAL_SPANS / SPANS_PER_REQUEST));
  } finally {
    await up.close();
  }
}

/** Ours makes records with JSON text out of the bytes; the peer's messages would still have to be turned into them. */
function decoding(): void {
  const body = encodeRequest();
  const ours = (): unknown => decodeOtlp('traces', 'protobuf', body);
  const peer = (): unknown => requestType.decode(body);
  const best = { ours: Number.POSITIVE_INFINITY, peer: Number.POSITIVE_INFINITY };
  for (let round = 0; round < DECODE_ROUNDS; round += 1) {
    best.ours = Math.min(best.ours, cpuMillisecondsFor(ours));
    best.peer = Math.min(best.peer, cpuMillisecondsFor(peer));
  }
  const rate = (ms: number): string => `${Math.round((DECODES_PER_ROUND * SPANS_PER_REQUEST * 1000) / ms)} spans/s`;
  console.log(
    `decoding protobuf, ${Math.round(body.length / SPANS_PER_REQUEST)} bytes a span, best of ${DECODE_ROUNDS}:`,
  );
  console.log(
    `  ours, to records ${rate(best.ours)}; protobufjs, to messages ${rate(best.peer)}; ratio ${(best.peer / best.ours).toFixed(2)} x`,
  );
}

function cpuMillisecondsFor(work: () => unknown): number {
  const before = process.cpuUsage();
  for (let i = 0; i < DECODES_PER_ROUND; i += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Sends at least so many spans and checks that as many are stored. Returns how many were sent. */
async function receive(up: UpProcess, source: RequestSource, spans: number, perSecond: number): Promise<number> {
  const requests = Math.ceil(spans / SPANS_PER_REQUEST);
  const before = { usage: await up.usage(), stored: await storedSpans(up) };
  const start = performance.now();
  const queue = { next: 0, retries: 0 };
  const sender = async (): Promise<void> => {
    while (queue.next < requests) {
      const due = start + (queue.next * SPANS_PER_REQUEST * 1000) / perSecond;
      queue.next += 1;
      if (due > performance.now()) await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
      queue.retries += await send(up, source.next());
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, sender));
  const seconds = (performance.now() - start) / 1000;
  const sent = requests * SPANS_PER_REQUEST;
  const stored = (await storedSpans(up)) - before.stored;
  report(perSecond, sent, stored, seconds, queue.retries, before.usage, await up.usage());
  if (stored !== sent) throw new Error(`${sent} spans were acknowledged, ${stored} are stored`);
  return sent;
}

function report(
  perSecond: number,
  sent: number,
  stored: number,
  seconds: number,
  retries: number,
  before: Usage,
  after: Usage,
): void {
  const cpu = after.cpuSeconds - before.cpuSeconds;
  const pace = Number.isFinite(perSecond) ? `paced at ${perSecond} spans/s` : 'as fast as it takes them';
  const figures = [
    `${Math.round(sent / seconds)} spans/s`,
    `sent ${sent}, stored ${stored}`,
    `${retries} retries after 503`,
    `CPU ${cpu.toFixed(2)} s = ${((cpu / seconds) * 100).toFixed(0)} % of a core, ${((cpu / sent) * 1e6).toFixed(1)} us a span`,
    `peak RSS ${Math.round(after.peakRssBytes / 1e6)} MB`,
  ];
  console.log(`  ${pace}: ${figures.join('; ')}`);
}

/** Resolves to how often the receiver asked to be tried again. @throws {Error} when it refuses for another reason */
async function send({ httpPort }: UpProcess, body: Buffer): Promise<number> {
  for (let retries = 0; ; retries += 1) {
    const response = await fetch(`http://127.0.0.1:${httpPort}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(body),
    });
    const answer = await response.text();
    if (response.status === 200 && answer === '') return retries;
    if (response.status !== 503) throw new Error(`The receiver answered ${response.status} ${answer}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function storedSpans({ url }: UpProcess): Promise<number> {
  const response = await fetch(`${url}/api/v1/status`);
  const { status } = (await response.json()) as { status: { spans: number } };
  return status.spans;
}

async function lookups(up: UpProcess, requests: number): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < LOOKUPS; i += 1) {
    // Spread over the whole file, each trace asked for once.
    const id = RequestSource.traceId(
      1 + Math.floor((i * requests) / LOOKUPS),
      i % (SPANS_PER_REQUEST / SPANS_PER_TRACE),
    );
    const start = performance.now();
    const response = await fetch(`${up.url}/api/v1/traces/${id}`);
    const trace = (await response.json()) as { spans?: unknown[] };
    times.push(performance.now() - start);
    if (trace.spans?.length !== SPANS_PER_TRACE) throw new Error(`Trace ${id}: ${JSON.stringify(trace).slice(0, 200)}`);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.min(LOOKUPS - 1, Math.floor(share * LOOKUPS))] ?? 0).toFixed(1);
  console.log(
    `a trace by ID out of ${await storedSpans(up)} spans, ${LOOKUPS} different ones: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms`,
  );
}
