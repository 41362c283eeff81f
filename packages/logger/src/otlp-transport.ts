import { logs, SeverityNumber, type Logger, type LoggerProvider } from '@opentelemetry/api';
import TransportStream from 'winston-transport';
import { otlpAttributes } from './otlp-attributes.ts';
import { countDrop } from './drops.ts';
import { toRecord } from './format.ts';
import { resolveIdentity } from './options.ts';
import { CONTEXT_KEY, LEVEL, recordTimeMs, type Identity, type LogRecord } from './record.ts';
import { describeFailure, reportOnce } from './report.ts';

/** A winston transport with this property sends its logger's records over OTLP: nobody needs to add another. */
export const OTLP_TRANSPORT_MARK: unique symbol = Symbol.for('crmbet.logger.otlp') as never;

const SCOPE_NAME = '@crmbet/logger';

/** npm and syslog levels as severity numbers (OpenTelemetry logs data model, "Displaying Severity"; as winston's bridge does). */
const SEVERITIES: Readonly<Record<string, SeverityNumber>> = {
  emerg: SeverityNumber.FATAL3,
  alert: SeverityNumber.FATAL2,
  crit: SeverityNumber.FATAL,
  error: SeverityNumber.ERROR,
  warning: SeverityNumber.WARN,
  warn: SeverityNumber.WARN,
  notice: SeverityNumber.INFO2,
  info: SeverityNumber.INFO,
  http: SeverityNumber.DEBUG3,
  verbose: SeverityNumber.DEBUG2,
  debug: SeverityNumber.DEBUG,
  silly: SeverityNumber.TRACE,
};

/**
 * Emits each record to the logs API of OpenTelemetry, under the context of the call that logged: body = message,
 * attributes = its fields. Without a registered provider it does nothing. It never throws.
 */
export class OtlpTransport extends TransportStream {
  readonly [OTLP_TRANSPORT_MARK] = true;
  readonly #identity: Identity;
  #provider: LoggerProvider | undefined;
  #logger: Logger | undefined;

  constructor(identity: Identity, options: TransportStream.TransportStreamOptions = {}) {
    super(options);
    this.#identity = identity;
  }

  override log(info: object, next: () => void): void {
    this.emitRecord(toRecord(info, this.#identity));
    next();
  }

  /** Emits one record at once. */
  emitRecord(record: LogRecord): void {
    try {
      const logger = this.#currentLogger();
      const severityNumber = SEVERITIES[record[LEVEL]] ?? SeverityNumber.UNSPECIFIED;
      const context = record[CONTEXT_KEY];
      // Before the attributes are made: nothing is spent where nobody listens.
      if (!logger.enabled({ context, severityNumber })) return;
      logger.emit({
        timestamp: new Date(recordTimeMs(record)),
        severityNumber,
        severityText: record[LEVEL],
        body: record.message,
        attributes: otlpAttributes(record),
        context,
      });
    } catch (error) {
      countDrop('otlp', 'emit_failed');
      reportOnce(`a log record could not be handed to OpenTelemetry: ${describeFailure(error)}`);
    }
  }

  /** A provider may be registered, or replaced, after this transport was made. */
  #currentLogger(): Logger {
    const provider = logs.getLoggerProvider();
    if (this.#logger === undefined || provider !== this.#provider) {
      this.#provider = provider;
      this.#logger = provider.getLogger(SCOPE_NAME);
    }
    return this.#logger;
  }
}

/** What {@link otlpTransport} takes. */
export interface OtlpTransportOptions {
  /** Least severe level that is sent; default: the logger's. */
  level?: string;
}

/**
 * A transport for an application's own winston logger that sends its records over OTLP through the OpenTelemetry API. It
 * carries `Symbol.for('crmbet.logger.otlp')`, so the preload adds no second one.
 */
export function otlpTransport(options: OtlpTransportOptions = {}): OtlpTransport {
  return new OtlpTransport(resolveIdentity({}, process.env), options);
}
