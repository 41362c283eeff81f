import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { context } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import type * as Published from '@opentelemetry/instrumentation-undici';
import { CORRELATION_ID_HEADER } from '@crmbet/correlation';
import { capturedClientHeaders } from '../privacy/headers.ts';
import { withHookPackages } from './hook-packages.ts';

const channel = 'undici:request:create';

interface UndiciRequest {
  /** Names and values in turn; text in undici 5. */
  headers?: unknown;
}
/** The published instrumentation with the listener of its first channel. */
interface Listening {
  onRequestCreated(message: unknown): void;
  disable(): void;
}

/**
 * `fetch` and undici, whose listeners are on diagnostics channels: nothing is patched. The published instrumentation is
 * loaded with the first request, which it is told of by hand: who subscribes while a message is delivered does not get it.
 */
export function createUndiciInstrumentation(): { disable(): void } {
  let published: Listening | undefined;
  const onCreate = (message: unknown): void => {
    if (published === undefined) {
      if (isTracingSuppressed(context.active())) return;
      published = create();
      published.onRequestCreated(message);
      // After its listener from now on, which adds our header without a look at the application's own.
      unsubscribe(channel, onCreate);
      subscribe(channel, onCreate);
    }
    dropDoubledId((message as { request: UndiciRequest }).request);
  };
  subscribe(channel, onCreate);
  return {
    disable() {
      unsubscribe(channel, onCreate);
      published?.disable();
    },
  };
}

function create(): Listening {
  const { UndiciInstrumentation } = withHookPackages(
    () => require('@opentelemetry/instrumentation-undici') as typeof Published,
  );
  return new UndiciInstrumentation({ headersToSpanAttributes: capturedClientHeaders() }) as unknown as Listening;
}

/** An application that sends the header itself keeps it: two would arrive as one value with a comma, which nobody accepts. */
function dropDoubledId({ headers }: UndiciRequest): void {
  if (!Array.isArray(headers)) return;
  const isId = (name: unknown) => typeof name === 'string' && name.toLowerCase() === CORRELATION_ID_HEADER;
  const positions = headers.flatMap((name: unknown, index) => (index % 2 === 0 && isId(name) ? [index] : []));
  const last = positions.at(-1);
  if (positions.length > 1 && last !== undefined) headers.splice(last, 2);
}
