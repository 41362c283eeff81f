import { context } from '@opentelemetry/api';
import type * as Bunyan from '@opentelemetry/instrumentation-bunyan';
import type * as Pino from '@opentelemetry/instrumentation-pino';
import { CORRELATION_ID_LOG_FIELD, getCorrelationId } from '@crmbet/correlation';
import type * as ConsoleModule from './console.ts';
import type { LibraryEntry } from './entry.ts';

/** Loggers: records get the IDs of the moment they are made, and are sent over OTLP as well when logs have an exporter. */
export const loggers: readonly LibraryEntry[] = [
  {
    name: 'pino',
    modules: ['pino'],
    create({ logs }) {
      const { PinoInstrumentation } = require('@opentelemetry/instrumentation-pino') as typeof Pino;
      return new PinoInstrumentation({ disableLogSending: logs.exporters.length === 0, logHook: addCorrelationId });
    },
  },
  {
    name: 'bunyan',
    modules: ['bunyan'],
    create({ logs }) {
      const { BunyanInstrumentation } = require('@opentelemetry/instrumentation-bunyan') as typeof Bunyan;
      return new BunyanInstrumentation({ disableLogSending: logs.exporters.length === 0, logHook: addCorrelationId });
    },
  },
  {
    name: 'console',
    modules: [],
    // Much of what is written there is for people only, and loggers that write there would be sent twice.
    optIn: true,
    create: () => (require('./console.js') as typeof ConsoleModule).createConsoleInstrumentation(),
  },
];

function addCorrelationId(_span: unknown, record: Record<string, unknown>): void {
  const correlationId = getCorrelationId(context.active());
  if (correlationId !== undefined) record[CORRELATION_ID_LOG_FIELD] ??= correlationId;
}
