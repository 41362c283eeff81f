import { format } from 'node:util';
import { logs, SeverityNumber } from '@opentelemetry/api';
import { InstrumentationBase } from '@opentelemetry/instrumentation';
import { unwrapMethod, wrapMethod } from '../module-patch.ts';

const severities = {
  debug: SeverityNumber.DEBUG,
  log: SeverityNumber.INFO,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
} as const;
type Level = keyof typeof severities;
const levels = Object.keys(severities) as Level[];

/** Every line of `console.debug`, `log`, `info`, `warn` and `error` is a log record too; the output stays as it is. */
export function createConsoleInstrumentation(): ConsoleInstrumentation {
  return new ConsoleInstrumentation('@crmbet/otel/console', '0.1.0', {});
}

class ConsoleInstrumentation extends InstrumentationBase {
  protected override init(): undefined {
    return undefined;
  }

  override enable(): void {
    for (const level of levels) wrapMethod(console, level, (original) => sending(level, original));
  }

  override disable(): void {
    for (const level of levels) unwrapMethod(console, level);
  }
}

function sending(level: Level, original: (...args: unknown[]) => void): (...args: unknown[]) => void {
  return function write(this: unknown, ...args) {
    original.apply(this, args);
    logs.getLogger('console').emit({
      severityNumber: severities[level],
      severityText: level,
      body: format(...args),
    });
  };
}
