import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
  type InstrumentationModuleDefinition,
} from '@opentelemetry/instrumentation';
import { CORRELATION_ID_LOG_FIELD } from '@crmbet/correlation';
import { correlationIdOf } from '../correlation/carried-id.ts';

/** Where @opentelemetry/winston-transport looks for the context that a record was made in. */
const contextKey = Symbol.for('opentelemetry.js.contrib.winston.context');
/** How @crmbet/logger marks its own transport. */
const ownOtlpMark = Symbol.for('crmbet.logger.otlp');
const versions = ['>=3 <4'];

type Transport = object;
interface Logger {
  readonly transports: readonly Transport[];
  add(transport: Transport): unknown;
  remove(transport: Transport): unknown;
}
interface LoggerClass {
  prototype: { write: Method; configure: Method; add: Method };
}
type Method = (this: Logger, ...args: unknown[]) => unknown;

/** The transports that were added here. */
const added = new WeakSet<Transport>();

/**
 * The {@link WinstonInstrumentation}.
 * @param sends whether loggers get an OTLP transport
 */
export function createWinstonInstrumentation(sends: boolean): WinstonInstrumentation {
  return new WinstonInstrumentation(sends);
}

/**
 * winston 3: every record gets `trace_id`, `span_id`, `trace_flags` and `correlationId` of the moment it is made, and
 * every logger that does not send its records over OTLP by itself gets a transport that does. The published
 * instrumentation always adds one, so a logger that has its own would send everything twice.
 */
class WinstonInstrumentation extends InstrumentationBase {
  readonly #sends: boolean;

  constructor(sends: boolean) {
    super('@crmbet/otel/winston', '0.1.0', { enabled: false });
    this.#sends = sends;
    this.enable();
  }

  override init(): InstrumentationModuleDefinition {
    const file = new InstrumentationNodeModuleFile(
      'winston/lib/winston/logger.js',
      versions,
      (logger: LoggerClass) => this.#patch(logger),
      (logger?: LoggerClass) => this.#unpatch(logger),
    );
    return new InstrumentationNodeModuleDefinition('winston', versions, undefined, undefined, [file]);
  }

  #patch(logger: LoggerClass): LoggerClass {
    this._wrap(logger.prototype, 'write', annotating);
    if (this.#sends) {
      this._wrap(logger.prototype, 'configure', ensuringTransport);
      this._wrap(logger.prototype, 'add', ensuringTransport);
    }
    return logger;
  }

  #unpatch(logger?: LoggerClass): void {
    if (logger === undefined) return;
    for (const name of ['write', 'configure', 'add'] as const) this._unwrap(logger.prototype, name);
  }
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
  const correlationId = correlationIdOf(active);
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
  const { OpenTelemetryTransportV3 } =
    require('@opentelemetry/winston-transport') as typeof import('@opentelemetry/winston-transport');
  const transport = new OpenTelemetryTransportV3();
  added.add(transport);
  return transport;
}
