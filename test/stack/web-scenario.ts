import { attributes, nanos, random, telemetryOf, TraceWriter, type Scope, type Telemetry } from './web-telemetry.ts';

/** An hour of the CRM: requests of several kinds, and the metrics that they move. */
export interface Scenario {
  telemetry: Telemetry;
  /** A failed transaction across three services. */
  failed: { traceId: string; correlationId: string };
}

const backend = 'crmbet-backend';
const ml = 'ml-service';
const worker = 'etl-worker';
const stack = `Error: could not serialize access due to concurrent update
    at PostgresStore.insertTransaction (/app/src/store/postgres.ts:118:13)
    at async TransactionService.create (/app/src/transactions/service.ts:64:5)
    at async /app/src/routes/transactions.ts:41:20`;

function transaction(trace: TraceWriter, next: () => number, fails: boolean): void {
  const r = (low: number, high: number): number => low + next() * (high - low);
  const total = fails ? r(380, 460) : r(60, 140);
  const user = Math.floor(r(1000, 9999));
  const root = trace.span({
    service: backend,
    name: 'POST /api/transactions',
    kind: 2,
    at: 0,
    ms: total,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/api/transactions',
      'url.path': '/api/transactions',
      'url.scheme': 'http',
      'http.response.status_code': fails ? 500 : 201,
      'server.address': 'api.crm.local',
      'server.port': 3000,
      'user_agent.original': 'crm-web/5.2',
      'enduser.id': String(user),
    },
    ...(fails && { error: 'could not serialize access due to concurrent update' }),
  });
  trace.log(backend, root, 0.6, 'INFO', `POST /api/transactions started`, {
    method: 'POST',
    url: '/api/transactions',
    user_id: user,
  });
  const auth = trace.span({
    service: backend,
    name: 'middleware - authenticate',
    parent: root,
    at: 1,
    ms: 5.2,
    attributes: { 'express.type': 'middleware' },
  });
  trace.span({
    service: backend,
    name: 'redis-GET',
    kind: 3,
    parent: auth,
    at: 1.6,
    ms: 1.1,
    attributes: { 'db.system.name': 'redis', 'db.operation.name': 'GET', 'db.query.text': 'GET session:?' },
  });
  trace.log(backend, auth, 3, 'DEBUG', 'session found in cache', { cache_layer: 'redis', key_type: 'session' });
  const handler = trace.span({
    service: backend,
    name: 'request handler - /api/transactions',
    parent: root,
    at: 6.4,
    ms: total - 7,
    attributes: { 'express.type': 'request_handler' },
  });
  trace.span({
    service: backend,
    name: 'SELECT crm.users',
    kind: 3,
    parent: handler,
    at: 8,
    ms: r(2, 6),
    attributes: {
      'db.system.name': 'postgresql',
      'db.namespace': 'crm',
      'db.query.text': 'SELECT id, country, risk FROM users WHERE id = $1',
    },
  });
  const call = trace.span({
    service: backend,
    name: 'POST',
    kind: 3,
    parent: handler,
    at: 15,
    ms: 34,
    attributes: {
      'http.request.method': 'POST',
      'url.full': 'http://ml-service:8000/predict/fraud',
      'http.response.status_code': 200,
    },
  });
  const predict = trace.span({
    service: ml,
    name: 'POST /predict/fraud',
    kind: 2,
    parent: call,
    at: 17,
    ms: 30,
    attributes: { 'http.request.method': 'POST', 'http.route': '/predict/{model}', 'http.response.status_code': 200 },
  });
  trace.span({
    service: ml,
    name: 'load features',
    parent: predict,
    at: 18,
    ms: 9,
    attributes: { 'feature.count': 42 },
  });
  trace.span({
    service: ml,
    name: 'model.predict',
    parent: predict,
    at: 27.5,
    ms: 17,
    attributes: { 'ml.model.type': 'fraud', 'ml.model.version': '2026-11-02', 'ml.score': 0.0831 },
  });
  trace.log(ml, predict, 45, 'INFO', 'prediction made: fraud score 0.083', {
    model_type: 'fraud',
    model_version: '2026-11-02',
    latency_ms: 26.4,
  });
  const begin = trace.span({
    service: backend,
    name: 'pg transaction',
    parent: handler,
    at: 52,
    ms: total - 66,
    attributes: { 'db.system.name': 'postgresql' },
    ...(fails && { error: 'could not serialize access due to concurrent update', exception: stack }),
  });
  const tries = fails ? 3 : 1;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const at = 54 + attempt * 100;
    trace.span({
      service: backend,
      name: 'INSERT crm.transactions',
      kind: 3,
      parent: begin,
      at,
      ms: fails ? r(70, 92) : r(4, 9),
      attributes: {
        'db.system.name': 'postgresql',
        'db.namespace': 'crm',
        'db.query.text': 'INSERT INTO transactions (user_id, type, amount, currency) VALUES ($1, $2, $3, $4)',
        'db.response.status_code': fails ? '40001' : '00000',
      },
      ...(fails && { error: 'could not serialize access due to concurrent update' }),
    });
    if (fails)
      trace.log(backend, begin, at + 92, 'WARN', `transaction conflict, attempt ${attempt + 1} of 3`, {
        slow_query: true,
        query_time_ms: 91,
        table: 'transactions',
      });
  }
  if (fails) {
    trace.log(
      backend,
      handler,
      total - 9,
      'ERROR',
      'transaction could not be stored: could not serialize access due to concurrent update',
      { 'error.code': '40001', stack, user_id: user },
    );
    trace.log(backend, root, total - 1, 'INFO', `POST /api/transactions 500 ${total.toFixed(1)} ms`, {
      status_code: 500,
    });
    return;
  }
  const publish = trace.span({
    service: backend,
    name: 'publish transactions.created',
    kind: 4,
    parent: handler,
    at: total - 12,
    ms: 3,
    attributes: { 'messaging.system': 'rabbitmq', 'messaging.destination.name': 'transactions.created' },
  });
  const consume = trace.span({
    service: worker,
    name: 'process transactions.created',
    kind: 5,
    parent: publish,
    at: total + 6,
    ms: r(24, 60),
    attributes: {
      'messaging.system': 'rabbitmq',
      'messaging.destination.name': 'transactions.created',
      'messaging.operation.type': 'process',
    },
  });
  trace.span({
    service: worker,
    name: 'INSERT crm.daily_totals',
    kind: 3,
    parent: consume,
    at: total + 10,
    ms: 11,
    attributes: { 'db.system.name': 'postgresql' },
  });
  trace.log(worker, consume, total + 22, 'INFO', 'daily totals updated', { table: 'daily_totals' });
  trace.log(backend, root, total - 1, 'INFO', `POST /api/transactions 201 ${total.toFixed(1)} ms`, {
    status_code: 201,
    amount: Math.round(r(10, 900)),
    currency: 'BRL',
  });
}

function read(trace: TraceWriter, next: () => number): void {
  const hit = next() < 0.7;
  const slow = next() < 0.06;
  const missing = next() < 0.05;
  const ms = slow ? 900 + next() * 1600 : hit ? 2 + next() * 6 : 12 + next() * 40;
  const [route, table] = next() < 0.5 ? ['/api/users/:id', 'users'] : ['/api/campaigns/:id/stats', 'campaigns'];
  const root = trace.span({
    service: backend,
    name: `GET ${route}`,
    kind: 2,
    at: 0,
    ms,
    attributes: {
      'http.request.method': 'GET',
      'http.route': route ?? '',
      'http.response.status_code': missing ? 404 : 200,
    },
  });
  trace.span({
    service: backend,
    name: 'redis-GET',
    kind: 3,
    parent: root,
    at: 0.7,
    ms: 0.9,
    attributes: { 'db.system.name': 'redis', 'cache.hit': hit },
  });
  if (!hit || slow) {
    const select = trace.span({
      service: backend,
      name: `SELECT crm.${table}`,
      kind: 3,
      parent: root,
      at: 2,
      ms: ms - 4,
      attributes: { 'db.system.name': 'postgresql', 'db.query.text': `SELECT * FROM ${table} WHERE id = $1` },
    });
    if (slow)
      trace.log(backend, select, ms - 2, 'WARN', `slow query on ${table}: ${ms.toFixed(0)} ms`, {
        slow_query: true,
        table: table ?? '',
        query_time_ms: Math.round(ms),
      });
  }
  trace.log(backend, root, ms - 0.3, 'INFO', `GET ${route} ${missing ? 404 : 200} ${ms.toFixed(1)} ms`, {
    status_code: missing ? 404 : 200,
    cache_hit: hit,
  });
}

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Cumulative request metrics of the last hour, a point each 15 seconds. */
function requestMetrics(
  nowMs: number,
  next: () => number,
  exemplar: { traceId: string; correlationId: string },
): object[] {
  const routes = [
    ['GET', '/api/users/:id', '200', 3],
    ['GET', '/api/campaigns/:id/stats', '200', 4],
    ['POST', '/api/transactions', '201', 5],
    ['POST', '/api/transactions', '500', 6],
  ] as const;
  const startMs = nowMs - 3_600_000;
  const histogram: object[] = [];
  const counter: object[] = [];
  for (const [method, route, status, centre] of routes) {
    const buckets = Array.from({ length: bounds.length + 1 }, () => 0);
    let count = 0;
    let sum = 0;
    for (let at = startMs; at <= nowMs; at += 15_000) {
      const wave = 1 + 0.7 * Math.sin((at - startMs) / 420_000 + centre);
      const added = Math.round((status === '500' ? 2 : 30) * wave * (0.7 + next() * 0.6));
      for (let index = 0; index < added; index += 1) {
        const bucket = Math.max(
          0,
          Math.min(bounds.length - 1, Math.round(centre - 2 + wave + (next() + next() - 1) * 2.4)),
        );
        buckets[bucket] = (buckets[bucket] ?? 0) + 1;
        sum += (bounds[bucket] ?? 1) * 0.8;
      }
      count += added;
      const point = {
        startTimeUnixNano: nanos(startMs),
        timeUnixNano: nanos(at),
        attributes: attributes({ method, route, status_code: status }),
      };
      const exemplars =
        status === '500' && at + 15_000 > nowMs
          ? [
              {
                timeUnixNano: nanos(nowMs - 11_600),
                asDouble: 0.42,
                traceId: exemplar.traceId,
                filteredAttributes: attributes({ 'correlation.id': exemplar.correlationId }),
              },
            ]
          : [];
      histogram.push({
        ...point,
        count: String(count),
        sum,
        explicitBounds: bounds,
        bucketCounts: buckets.map(String),
        exemplars,
      });
      counter.push({ ...point, asInt: String(count) });
    }
  }
  return [
    {
      name: 'http_request_duration_seconds',
      description: 'Duration of HTTP requests in seconds',
      unit: 's',
      histogram: { aggregationTemporality: 2, dataPoints: histogram },
    },
    {
      name: 'http_requests_total',
      description: 'Total number of HTTP requests',
      unit: '',
      sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: counter },
    },
  ];
}

function gauges(nowMs: number, next: () => number): object[] {
  const series = (centre: number, swing: number, plain: Record<string, string>): object[] =>
    Array.from({ length: 240 }, (_, index) => {
      const at = nowMs - 3_600_000 + index * 15_000;
      return {
        timeUnixNano: nanos(at),
        attributes: attributes(plain),
        asDouble: Math.max(0, centre + swing * Math.sin(index / 19 + centre) + swing * 0.3 * (next() - 0.5)),
      };
    });
  return [
    {
      name: 'db_connections_active',
      description: 'Number of active database connections',
      unit: '',
      gauge: { dataPoints: series(8, 5, {}) },
    },
    {
      name: 'db_connections_max',
      description: 'Size of the database connection pool',
      unit: '',
      gauge: { dataPoints: series(20, 0, {}) },
    },
    {
      name: 'process_resident_memory_bytes',
      description: 'Resident memory size in bytes',
      unit: 'By',
      gauge: { dataPoints: series(118e6, 14e6, {}) },
    },
    {
      name: 'nodejs_eventloop_lag_seconds',
      description: 'Lag of the event loop',
      unit: 's',
      gauge: { dataPoints: series(0.004, 0.003, {}) },
    },
    {
      name: 'ml_model_accuracy',
      description: 'ML model accuracy score',
      unit: '1',
      gauge: {
        dataPoints: [
          ...series(0.93, 0.01, { model_type: 'fraud', model_version: '2026-11-02' }),
          ...series(0.88, 0.02, { model_type: 'churn', model_version: '2026-10-19' }),
        ],
      },
    },
    ...[
      'cache_hits_total',
      'cache_misses_total',
      'transactions_total',
      'user_registrations_total',
      'ml_predictions_total',
    ].map((name, index) => ({
      name,
      description: 'Counted since the start',
      unit: '',
      sum: {
        aggregationTemporality: 2,
        isMonotonic: true,
        dataPoints: Array.from({ length: 240 }, (_, step) => ({
          startTimeUnixNano: nanos(nowMs - 3_600_000),
          timeUnixNano: nanos(nowMs - 3_600_000 + step * 15_000),
          attributes: [],
          asInt: String(step * (7 + index * 3)),
        })),
      },
    })),
  ];
}

/** `count` requests until `nowMs`, the failed transaction a few seconds before. */
export function scenario(nowMs: number, count: number, seed = 7): Scenario {
  const next = random(seed);
  const writers: TraceWriter[] = [];
  for (let index = 0; index < count; index += 1) {
    const startMs = nowMs - 20_000 - (count - index) * 4_100 * (0.6 + next() * 0.8);
    const trace = new TraceWriter(startMs, `req-${Math.floor(next() * 2 ** 40).toString(36)}`, next);
    const kind = next();
    if (kind < 0.3) transaction(trace, next, kind < 0.025);
    else read(trace, next);
    writers.push(trace);
  }
  const failed = new TraceWriter(nowMs - 12_000, 'order-2f9c41d7', next);
  transaction(failed, next, true);
  writers.push(failed);
  const exemplar = { traceId: failed.traceId, correlationId: failed.correlationId };
  const metrics: Scope<object>[] = [
    { service: backend, records: [...requestMetrics(nowMs, next, exemplar), ...gauges(nowMs, next)] },
  ];
  return { telemetry: telemetryOf(writers, metrics), failed: exemplar };
}
