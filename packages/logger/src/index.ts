/**
 * winston's interface with correlation, business events and OTLP: the logger that every service of the CRM writes to.
 */
import { createLazyLogger } from './logger.ts';
import type { Logger } from './types.ts';

export { createLogger } from './logger.ts';
export { crmbetFormat, type FormatOptions } from './format.ts';
export { otlpTransport, OTLP_TRANSPORT_MARK, type OtlpTransport, type OtlpTransportOptions } from './otlp-transport.ts';
export { LOG_LEVELS, type LogLevel } from './levels.ts';
export type { ConsoleMode, LoggerOptions } from './options.ts';
export type { LogFields, Logger } from './types.ts';

/**
 * The default logger, with options from the environment (`LOG_LEVEL`, `APP_VERSION`, `NODE_ENV`, `OTEL_SERVICE_NAME`) and
 * its files in `logs`. It is made at the first use: importing this package makes no folder and registers nothing.
 */
export const logger: Logger = createLazyLogger();
