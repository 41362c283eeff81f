import { type LogQuery, type MetricQuery, type TimeRange, type TraceQuery } from '../query.ts';
import {
  invalidQuery,
  validateLogQuery,
  validateMetricQuery,
  validateRange,
  validateTraceQuery,
} from '../query-rules.ts';

/** How one field of a query stands in a URL. `pairs`: repeated `name=key=value`; `list`: `name=a,b`, empty for an empty list. */
interface Param {
  name: string;
  field: string;
  kind: 'text' | 'number' | 'pairs' | 'list';
}

const text = (name: string): Param => ({ name, field: name, kind: 'text' });
const number = (name: string): Param => ({ name, field: name, kind: 'number' });

const RANGE_PARAMS = [number('startMs'), number('endMs')];
const TRACE_PARAMS: readonly Param[] = [
  text('service'),
  text('operation'),
  number('minDurationMs'),
  number('maxDurationMs'),
  text('status'),
  { name: 'attribute', field: 'attributes', kind: 'pairs' },
  text('correlationId'),
  number('limit'),
  ...RANGE_PARAMS,
];
const LOG_PARAMS: readonly Param[] = [
  text('text'),
  text('minLevel'),
  text('service'),
  text('traceId'),
  text('spanId'),
  text('correlationId'),
  { name: 'field', field: 'fields', kind: 'pairs' },
  number('limit'),
  text('order'),
  ...RANGE_PARAMS,
];
const METRIC_PARAMS: readonly Param[] = [
  text('name'),
  text('service'),
  { name: 'label', field: 'labels', kind: 'pairs' },
  { name: 'groupBy', field: 'groupBy', kind: 'list' },
  text('aggregation'),
  number('quantile'),
  number('stepSeconds'),
  ...RANGE_PARAMS,
];

function decodeOne({ name, kind }: Param, values: readonly string[]): unknown {
  if (kind === 'pairs') return Object.fromEntries(values.map((value) => splitPair(name, value)));
  const [value = ''] = values;
  if (values.length > 1) throw invalidQuery(name, values.join(' and '), 'it may be given once');
  if (kind === 'list') return value === '' ? [] : value.split(',');
  if (kind === 'text') return value;
  const parsed = Number(value);
  if (value.trim() === '' || !Number.isFinite(parsed)) throw invalidQuery(name, value, 'a number is allowed');
  return parsed;
}

function splitPair(name: string, value: string): [string, string] {
  const at = value.indexOf('=');
  if (at < 1) throw invalidQuery(name, value, `${name}=key=value is allowed`);
  return [value.slice(0, at), value.slice(at + 1)];
}

/** @throws {TelemetryError} code `INVALID_QUERY`, also for a parameter that does not exist: a typing error must not widen an answer */
function decode(params: readonly Param[], search: URLSearchParams): Record<string, unknown> {
  for (const name of search.keys()) {
    if (!params.some((param) => param.name === name)) {
      throw invalidQuery(
        name,
        search.get(name),
        `no such parameter; there are ${params.map((param) => param.name).join(', ') || 'none'}`,
      );
    }
  }
  const present = params.filter(({ name }) => search.has(name));
  return Object.fromEntries(present.map((param) => [param.field, decodeOne(param, search.getAll(param.name))]));
}

function encode(params: readonly Param[], query: object): URLSearchParams {
  const search = new URLSearchParams();
  for (const [field, value] of Object.entries(query)) {
    const param = params.find((one) => one.field === field);
    if (param === undefined || value === undefined) continue;
    if (param.kind === 'pairs') {
      for (const [key, one] of Object.entries(value as Record<string, string>))
        search.append(param.name, `${key}=${one}`);
    } else {
      search.set(param.name, Array.isArray(value) ? value.join(',') : String(value));
    }
  }
  return search;
}

/** Each throws {@link TelemetryError} `INVALID_QUERY` with the parameter's name, value and what is allowed. */
export const decodeNothing = (search: URLSearchParams): object => decode([], search);
export const decodeRange = (search: URLSearchParams): TimeRange => validateRange(decode(RANGE_PARAMS, search));
export const decodeTraceQuery = (search: URLSearchParams): TraceQuery =>
  validateTraceQuery(decode(TRACE_PARAMS, search));
export const decodeLogQuery = (search: URLSearchParams): LogQuery => validateLogQuery(decode(LOG_PARAMS, search));
export const decodeMetricQuery = (search: URLSearchParams): MetricQuery =>
  validateMetricQuery({ name: '', ...decode(METRIC_PARAMS, search) });

export const encodeRange = (range: TimeRange): URLSearchParams => encode(RANGE_PARAMS, range);
export const encodeTraceQuery = (query: TraceQuery): URLSearchParams => encode(TRACE_PARAMS, query);
export const encodeLogQuery = (query: LogQuery): URLSearchParams => encode(LOG_PARAMS, query);
export const encodeMetricQuery = (query: MetricQuery): URLSearchParams => encode(METRIC_PARAMS, query);
