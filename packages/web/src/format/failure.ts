import type { Span } from '@crmbet/telemetry';
import { attributeText } from './value.ts';

/** Why a span failed, from the first of: its status message, the exception it recorded, its `error.type` (semantic conventions). */
export function failureText(span: Pick<Span, 'statusMessage' | 'events' | 'attributes'>): string {
  if (span.statusMessage !== '') return span.statusMessage;
  const message = span.events.find((event) => event.name === 'exception')?.attributes['exception.message'];
  if (typeof message === 'string' && message !== '') return message;
  const type = span.attributes['error.type'];
  return type === undefined ? 'This span failed.' : `This span failed: ${attributeText(type)}.`;
}
