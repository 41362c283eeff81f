import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import type * as WinstonTransport from '@opentelemetry/winston-transport';
import { CORRELATION_ID_LOG_FIELD, getCorrelationId } from '@crmbet/correlation';
import { createModulePatch, unwrapMethod, wrapMethod } from './module-patch.ts';

/** Where @opentelemetry/winston-transport looks for the context that a record was made in. */
const contextKey = Symbol.for('opentelemetry.js.contrib.winston.context');
/** How @crmbet/logger marks its own transport. */
const ownOtlpMark = Symbol.for('crmbet.logger.otlp');

type Transport = object;
interface Logger {
  readonly transports: readonly Transport[];
  add(transport: Transport): unknown;
  remove(transport: Transport): unknown;
}
interface LeveledLogger {
  readonly level: string;
  /** Greater is less severe. */
  readonly levels: Readonly<Record<string, number>>;
  readonly transports: readonly (Transport & { readonly level?: string })[];
}
interface LoggerClass {
  prototype: { write: Method; configure: Method; add: Method };
}
type Method = (this: Logger, ...args: unknown[]) => unknown;

/** The transports that were added here. */
const added = new WeakSet<Transport>();

/**
 * winston 3: every record gets `trace_id`, `span_id`, `trace_flags` and `correlationId` of the moment it is made, and
 * every logger that does not send its records over OTLP by itself gets a transport that does. The published
 * instrumentation always adds one, so a logger that has its own would send everything twice.
 * @param sends whether loggers get an OTLP transport
 */
export function createWinstonInstrumentation(sends: boolean): Instrumentation {
  return createModulePatch<LoggerClass>({
    module: 'winston',
    file: 'winston/lib/winston/logger.js',
    versions: ['>=3 <4'],
    apply({ prototype }) {
      wrapMethod(prototype, 'write', annotating);
      if (!sends) return;
      wrapMethod(prototype, 'configure', ensuringTransport);
      wrapMethod(prototype, 'add', ensuringTransport);
    },
    undo({ prototype }) {
      for (const name of ['write', 'configure', 'add'] as const) unwrapMethod(prototype, name);
    },
  });
}

function annotating(original: Method): Method {
  return function write(...args) {
    const [info] = args;
    if (typeof info === 'object' && info !== null && Object.isExtensible(info)) {
      annotate(info as Record<PropertyKey, unknown>);
    }
    return original.apply(this, args);
  };
}

/** What the record already says stays. */
function annotate(info: Record<PropertyKey, unknown>): void {
  const active = context.active();
  info[contextKey] ??= active;
  const correlationId = getCorrelationId(active);
  if (correlationId !== undefined) info[CORRELATION_ID_LOG_FIELD] ??= correlationId;
  const span = trace.getSpanContext(active);
  if (span === undefined || !isSpanContextValid(span)) return;
  info['trace_id'] ??= span.traceId;
  info['span_id'] ??= span.spanId;
  info['trace_flags'] ??= span.traceFlags.toString(16).padStart(2, '0');
}

/** After `configure` and `add`: one way to OTLP, not two and not none. */
function ensuringTransport(original: Method): Method {
  return function change(...args) {
    const result = original.apply(this, args);
    const ours = this.transports.filter((transport) => added.has(transport));
    const hasOther = this.transports.some(sendsByItself);
    if (hasOther) for (const transport of ours) this.remove(transport);
    else if (ours.length === 0) this.add(createTransport());
    return result;
  };
}

function sendsByItself(transport: Transport): boolean {
  if (added.has(transport)) return false;
  return ownOtlpMark in transport || transport.constructor.name === 'OpenTelemetryTransportV3';
}

/** Loaded with the first logger: it needs winston's own packages. */
function createTransport(): Transport {
  const { OpenTelemetryTransportV3 } = require('@opentelemetry/winston-transport') as typeof WinstonTransport;
  const transport = new OpenTelemetryTransportV3();
  // A transport without a level takes the logger's, but those with one of their own may let more through.
  Object.defineProperty(transport, 'level', { get: () => leastSevereLevel(transport) });
  added.add(transport);
  return transport;
}

/** The level of the logger or of one of its transports that lets most through: what is written anywhere is sent. */
function leastSevereLevel(transport: Transport & { parent?: LeveledLogger | null }): string | undefined {
  const logger = transport.parent;
  if (!logger?.level) return undefined;
  let { level } = logger;
  for (const other of logger.transports) {
    if (other === transport || other.level === undefined) continue;
    if ((logger.levels[other.level] ?? 0) > (logger.levels[level] ?? 0)) level = other.level;
  }
  return level;
}
