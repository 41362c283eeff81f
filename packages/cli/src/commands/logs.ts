import type { LogLevel } from '@crmbet/telemetry';
import { Option, type Command } from 'commander';
import { withBackend } from '../backend.ts';
import { examples } from '../options/examples.ts';
import { oneOf } from '../options/parsers.ts';
import {
  addRangeOptions,
  addSourceOptions,
  limitOption,
  pairOption,
  rangeOf,
  withoutUndefined,
  type RangeOptions,
  type SourceOptions,
} from '../options/query-options.ts';
import { outputStyle, writeJson, writeNotice, writeResult } from '../output.ts';

interface LogsOptions extends SourceOptions, RangeOptions {
  level?: LogLevel;
  service?: string;
  trace?: string;
  span?: string;
  correlationId?: string;
  field?: Record<string, string>;
  order: 'asc' | 'desc';
  limit: number;
}

const levels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const orders = ['asc', 'desc'] as const;

export function addLogs(program: Command): void {
  const command = program
    .command('logs')
    .summary('find log records')
    .description('Find log records, newest first. All filters must match.')
    .argument('[text]', 'part of the message, upper or lower case')
    .addOption(new Option('--level <level>', `this one and above: ${levels.join(', ')}`).argParser(oneOf(levels)))
    .option('--service <name>', 'service that wrote it')
    .option('--trace <id>', 'trace ID')
    .option('--span <id>', 'span ID')
    .option('--correlation-id <id>', 'correlation ID')
    .addOption(pairOption('--field <key=value>', 'field (attribute) of the record'))
    .addOption(
      new Option('--order <order>', 'asc: oldest first; desc: newest first').argParser(oneOf(orders)).default('desc'),
    )
    .addOption(limitOption(10_000, 100));
  addSourceOptions(addRangeOptions(command))
    .addHelpText(
      'after',
      examples(
        ['crmbet-otel logs --level warn --since 15m', 'what went wrong lately'],
        ['crmbet-otel logs "payment refused" --service backend', 'by text'],
        ['crmbet-otel logs --correlation-id 7f3d2c1a --order asc', 'one request, in order'],
        ['crmbet-otel logs --field userId=42 --json', 'by field, for other programs'],
      ),
    )
    .action((text: string | undefined, options: LogsOptions) => showLogs(text, options));
}

async function showLogs(text: string | undefined, options: LogsOptions): Promise<void> {
  const { level, service, trace, span, correlationId, field, order, limit } = options;
  const query = withoutUndefined({
    text,
    service,
    correlationId,
    order,
    limit,
    minLevel: level,
    traceId: trace,
    spanId: span,
    fields: field,
    ...rangeOf(options),
  });
  const logs = await withBackend(options, (backend) => backend.findLogs(query));
  if (options.json) return writeJson({ logs });
  if (logs.length === 0) return writeNotice('no log record matches.');
  const { renderLogs } = await import('../render/logs.ts');
  await writeResult(renderLogs(logs, outputStyle()));
  if (logs.length === limit) {
    writeNotice(`these are the ${order === 'desc' ? 'newest' : 'oldest'} ${limit}; --limit shows more.`);
  }
}
