import { createLogger } from '@crmbet/logger';
import type { Config } from './config.ts';

export type AppLogger = ReturnType<typeof createLogger>;

/** The application's logger. The correlation ID and the trace's IDs come into every record by themselves. */
export function createAppLogger(config: Config): AppLogger {
  return createLogger({ service: 'crmbet-backend', directory: config.logDirectory ?? false, console: true });
}
