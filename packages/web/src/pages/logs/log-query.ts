import type { LogLevel, LogQuery } from '@crmbet/telemetry';
import { rangeOf } from '../../state/range.ts';
import { defined, pairsOf } from '../traces/trace-query.ts';

export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
export const defaultLimit = 500;
const mostAtOnce = 10_000;

function limitOf(text: string | null): number {
  const value = Number(text ?? '');
  return Number.isInteger(value) && value > 0 && value <= mostAtOnce ? value : defaultLimit;
}

/** The query that the URL of the logs page says. */
export function logQueryOf(params: URLSearchParams, nowMs: number): LogQuery {
  return defined<LogQuery>({
    text: params.get('text') ?? undefined,
    minLevel: logLevels.find((level) => level === params.get('minLevel')),
    service: params.get('service') ?? undefined,
    traceId: params.get('traceId') ?? undefined,
    spanId: params.get('spanId') ?? undefined,
    correlationId: params.get('correlationId') ?? undefined,
    fields: pairsOf(params.getAll('field')),
    limit: limitOf(params.get('limit')),
    order: params.get('order') === 'asc' ? 'asc' : undefined,
    startMs: undefined,
    endMs: undefined,
    ...rangeOf(params, nowMs),
  });
}
