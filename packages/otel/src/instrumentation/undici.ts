import { subscribe } from 'node:diagnostics_channel';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { CORRELATION_ID_HEADER } from '@crmbet/correlation';

/** `fetch` and undici. Its listeners are on diagnostics channels: nothing is patched. */
export function createUndiciInstrumentation(): UndiciInstrumentation {
  const instrumentation = new UndiciInstrumentation();
  // After the listener of the instrumentation, which adds our header without a look at the application's own.
  subscribe('undici:request:create', (message) => dropDoubledId((message as { request: UndiciRequest }).request));
  return instrumentation;
}

interface UndiciRequest {
  /** Names and values in turn; text in undici 5. */
  headers?: unknown;
}

/** An application that sends the header itself keeps it: two would arrive as one value with a comma, which nobody accepts. */
function dropDoubledId({ headers }: UndiciRequest): void {
  if (!Array.isArray(headers)) return;
  const isId = (name: unknown) => typeof name === 'string' && name.toLowerCase() === CORRELATION_ID_HEADER;
  const positions = headers.flatMap((name: unknown, index) => (index % 2 === 0 && isId(name) ? [index] : []));
  const last = positions.at(-1);
  if (positions.length > 1 && last !== undefined) headers.splice(last, 2);
}
