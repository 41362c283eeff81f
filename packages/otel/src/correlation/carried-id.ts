import { propagation, type Context, type TextMapGetter } from '@opentelemetry/api';
import {
  CORRELATION_ID_BAGGAGE_KEY,
  CORRELATION_ID_HEADER,
  correlationIdFromHeaders,
  isValidCorrelationId,
  REQUEST_ID_HEADER,
} from '@crmbet/correlation';

/** The header as it is written to outgoing requests and messages. */
export const CORRELATION_ID_OUTGOING_HEADER = 'X-Correlation-ID';

/** A valid ID out of the headers of a request or message; a header of a message keeps the case it was sent with. */
export function carriedCorrelationId(carrier: unknown, getter: TextMapGetter): string | undefined {
  const read = (lower: string, canonical: string) => getter.get(carrier, lower) ?? getter.get(carrier, canonical);
  return correlationIdFromHeaders({
    [CORRELATION_ID_HEADER]: read(CORRELATION_ID_HEADER, CORRELATION_ID_OUTGOING_HEADER),
    [REQUEST_ID_HEADER]: read(REQUEST_ID_HEADER, 'X-Request-ID'),
  });
}

/** A valid ID out of the W3C baggage of `ctx`. */
export function baggageCorrelationId(ctx: Context): string | undefined {
  const value = propagation.getBaggage(ctx)?.getEntry(CORRELATION_ID_BAGGAGE_KEY)?.value;
  return isValidCorrelationId(value) ? value : undefined;
}
