/** Follows two requests through traces, logs and metrics: one whose ID the client gave, one whose ID the server made. */
import { randomUUID } from 'node:crypto';
import type { Correlation, TelemetryBackend } from '@crmbet/telemetry';
import { DemoError } from './error.ts';
import { poll } from './poll.ts';

const FOUND_TIMEOUT_MS = 10_000;
const ROUTE = '/api/predictions/:modelType';

export interface SentRequest {
  correlationId: string;
  /** Who made the ID. */
  madeBy: 'client' | 'server';
}

export interface Finding extends SentRequest {
  traceIds: string[];
  /** Names of the spans in order of their start. */
  spans: string[];
  logs: string[];
  /** Names of the metrics, each once. */
  metrics: string[];
  /** What should be there and is not; empty when all is well. */
  missing: string[];
}

/**
 * Registers a user and asks for two predictions about it, one with an X-Correlation-ID and one without.
 * @throws {DemoError} `NOT_FOUND` when the backend does not answer as it should
 */
export async function sendRequests(backendUrl: string): Promise<SentRequest[]> {
  const handle = randomUUID().slice(-12);
  const user = { name: `Demo ${handle}`, email: `${handle}@example.com`, country: 'BR', source: 'organic' };
  const registered = await post(`${backendUrl}/api/users`, user);
  const { id: userId } = (await registered.json()) as { id: string };

  const given = `demo-${handle}`;
  const url = `${backendUrl}/api/predictions/churn`;
  const first = await post(url, { userId }, { 'x-correlation-id': given });
  const second = await post(url, { userId });
  const made = second.headers.get('x-correlation-id');
  if (first.headers.get('x-correlation-id') !== given || made === null) {
    throw new DemoError(
      'NOT_FOUND',
      'The backend answered without the X-Correlation-ID of the request: is it preloaded?',
    );
  }
  return [
    { correlationId: given, madeBy: 'client' },
    { correlationId: made, madeBy: 'server' },
  ];
}

/** Asks until everything about `request` is there; what is still missing in the end is listed. */
export async function follow(telemetry: TelemetryBackend, request: SentRequest): Promise<Finding> {
  let finding: Finding = { ...request, traceIds: [], spans: [], logs: [], metrics: [], missing: ['anything at all'] };
  await poll(FOUND_TIMEOUT_MS, async () => {
    finding = judge(request, await telemetry.correlate(request.correlationId));
    return finding.missing.length === 0 ? finding : undefined;
  });
  return finding;
}

/** What is there of `request`, and what should be and is not. */
export function judge(request: SentRequest, { traceIds, timeline }: Correlation): Finding {
  const spans = timeline.flatMap((entry) => (entry.kind === 'span' ? [entry.span] : []));
  const logs = timeline.flatMap((entry) => (entry.kind === 'log' ? [entry.log] : []));
  const metrics = timeline.flatMap((entry) => (entry.kind === 'metric' ? [entry.metric] : []));
  const own = ({ traceId }: { traceId: string }) => traceId === traceIds[0];
  const expected: [name: string, found: boolean][] = [
    ['exactly one trace', traceIds.length === 1],
    [
      `the span of the request with http.route ${ROUTE}`,
      spans.some(({ kind, attributes }) => kind === 'server' && attributes['http.route'] === ROUTE),
    ],
    [
      'a span of the database',
      spans.some(({ kind, attributes }) => kind === 'client' && 'db.system.name' in attributes),
    ],
    ['the correlation ID on every span', spans.every(({ correlationId }) => correlationId === request.correlationId)],
    ['the log line "ML prediction generated"', logs.some(({ body }) => body === 'ML prediction generated')],
    ['the trace ID on every log line', logs.every(own)],
    [
      'the metric http_requests_total or http_request_duration_seconds',
      metrics.some(({ name }) => /^http_request(?:s_total|_duration_seconds)$/.test(name)),
    ],
    ['the metric ml_prediction_latency_seconds', metrics.some(({ name }) => name === 'ml_prediction_latency_seconds')],
  ];
  return {
    ...request,
    traceIds,
    spans: spans.map(({ name }) => name),
    logs: logs.map(({ level, body }) => `${level} ${body}`),
    metrics: [...new Set(metrics.map(({ name }) => name))],
    missing: expected.filter(([, found]) => !found).map(([name]) => name),
  };
}

async function post(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new DemoError('NOT_FOUND', `POST ${url} was answered with ${response.status}: ${await response.text()}`);
  return response;
}
