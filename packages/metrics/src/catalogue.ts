import { CLIENT_CLOSED_STATUS, UNKNOWN_LABEL_VALUE, UNMATCHED_ROUTE } from './catalogue-types.ts';
import type { LabelDefinition, MetricDefinition, SpanMapping } from './catalogue-types.ts';

const SPECIFICATION = 'crm-monitoring.md, Custom Metrics Implementation';
const NOT_NEGATIVE = { min: 0 } as const;

const httpLabels = [
  { name: 'method', description: 'HTTP request method; `_OTHER` when it is none of the known ones', maxValues: 12 },
  {
    name: 'route',
    description: 'Full route template, mount paths included; `unmatched` when no route matched',
    maxValues: 500,
  },
  { name: 'status_code', description: 'HTTP status; 499 when the client went away before the answer', maxValues: 100 },
] as const satisfies readonly LabelDefinition[];

const httpServerSpan = {
  kind: 'server',
  requires: ['http.request.method'],
  labels: {
    method: { attribute: 'http.request.method', absent: '_OTHER' },
    route: { attribute: 'http.route', absent: UNMATCHED_ROUTE },
    status_code: { attribute: 'http.response.status_code', absent: String(CLIENT_CLOSED_STATUS) },
  },
} as const satisfies SpanMapping;

const databaseClientSpan = {
  kind: 'client',
  requires: ['db.system.name', 'db.operation.name'],
  excludes: { 'db.system.name': ['redis', 'memcached'] },
  labels: {
    query_type: { attribute: 'db.operation.name', absent: UNKNOWN_LABEL_VALUE },
    table: { attribute: 'db.collection.name', absent: UNKNOWN_LABEL_VALUE },
  },
} as const satisfies SpanMapping;

const cacheLabels = [
  { name: 'cache_layer', description: 'Cache that was asked, such as `redis` or `memory`', maxValues: 20 },
  { name: 'key_type', description: 'Kind of the key (its prefix), never the key itself', maxValues: 200 },
] as const satisfies readonly LabelDefinition[];

const modelType = { name: 'model_type', description: 'Kind of the model, such as `churn`', maxValues: 100 } as const;
const transactionType = { name: 'type', description: 'Kind of the transaction', maxValues: 50 } as const;

/** Every documented metric: the twelve of the specification and `db_connections_max` (corrections.md 3). */
export const catalogue = [
  {
    name: 'http_request_duration_seconds',
    help: 'Duration of HTTP requests in seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: httpLabels,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    range: NOT_NEGATIVE,
    maxSeries: 2000,
    source: SPECIFICATION,
    span: httpServerSpan,
  },
  {
    name: 'http_requests_total',
    help: 'Total number of HTTP requests',
    type: 'counter',
    unit: '',
    labels: httpLabels,
    range: NOT_NEGATIVE,
    maxSeries: 2000,
    source: SPECIFICATION,
    span: httpServerSpan,
  },
  {
    name: 'db_connections_active',
    help: 'Number of active database connections',
    type: 'gauge',
    unit: '',
    labels: [],
    range: NOT_NEGATIVE,
    maxSeries: 1,
    source: SPECIFICATION,
  },
  {
    name: 'db_connections_max',
    help: 'Largest number of database connections that may be active at once',
    type: 'gauge',
    unit: '',
    labels: [],
    range: NOT_NEGATIVE,
    maxSeries: 1,
    source: 'corrections.md 3',
  },
  {
    name: 'db_query_duration_seconds',
    help: 'Database query execution time',
    type: 'histogram',
    unit: 'seconds',
    labels: [
      { name: 'query_type', description: 'Operation of the query, such as `SELECT`', maxValues: 50 },
      { name: 'table', description: 'First table of the query', maxValues: 300 },
    ],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
    range: NOT_NEGATIVE,
    maxSeries: 1000,
    source: SPECIFICATION,
    span: databaseClientSpan,
  },
  {
    name: 'cache_hits_total',
    help: 'Total number of cache hits',
    type: 'counter',
    unit: '',
    labels: cacheLabels,
    range: NOT_NEGATIVE,
    maxSeries: 1000,
    source: SPECIFICATION,
  },
  {
    name: 'cache_misses_total',
    help: 'Total number of cache misses',
    type: 'counter',
    unit: '',
    labels: cacheLabels,
    range: NOT_NEGATIVE,
    maxSeries: 1000,
    source: SPECIFICATION,
  },
  {
    name: 'user_registrations_total',
    help: 'Total number of user registrations',
    type: 'counter',
    unit: '',
    labels: [
      { name: 'country', description: 'Country of the user', maxValues: 260 },
      { name: 'source', description: 'Where the user came from', maxValues: 100 },
    ],
    range: NOT_NEGATIVE,
    maxSeries: 1000,
    source: SPECIFICATION,
  },
  {
    name: 'transactions_total',
    help: 'Total number of transactions',
    type: 'counter',
    unit: '',
    labels: [transactionType, { name: 'status', description: 'Outcome of the transaction', maxValues: 50 }],
    range: NOT_NEGATIVE,
    maxSeries: 1000,
    source: SPECIFICATION,
  },
  {
    name: 'transaction_amount',
    help: 'Transaction amounts',
    type: 'histogram',
    unit: '',
    labels: [transactionType, { name: 'currency', description: 'Currency of the amount (ISO 4217)', maxValues: 200 }],
    buckets: [1, 10, 50, 100, 500, 1000, 5000, 10_000, 50_000],
    range: NOT_NEGATIVE,
    maxSeries: 1000,
    source: SPECIFICATION,
  },
  {
    name: 'ml_predictions_total',
    help: 'Total number of ML predictions',
    type: 'counter',
    unit: '',
    labels: [modelType, { name: 'prediction_type', description: 'What was predicted', maxValues: 100 }],
    range: NOT_NEGATIVE,
    maxSeries: 1000,
    source: SPECIFICATION,
  },
  {
    name: 'ml_prediction_latency_seconds',
    help: 'ML prediction latency',
    type: 'histogram',
    unit: 'seconds',
    labels: [modelType],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
    range: NOT_NEGATIVE,
    maxSeries: 200,
    source: SPECIFICATION,
  },
  {
    name: 'ml_model_accuracy',
    help: 'ML model accuracy score',
    type: 'gauge',
    unit: '',
    labels: [modelType, { name: 'model_version', description: 'Version of the model', maxValues: 200 }],
    range: { min: 0, max: 1 },
    maxSeries: 1000,
    source: SPECIFICATION,
  },
] as const satisfies readonly MetricDefinition[];

/** One definition of {@link catalogue}. */
export type CatalogueEntry = (typeof catalogue)[number];
/** Name of a documented metric. */
export type DocumentedMetricName = CatalogueEntry['name'];
