import type { SpanStatus } from '@crmbet/telemetry';
import { Option, type Command } from 'commander';
import { withBackend } from '../backend.ts';
import { examples } from '../options/examples.ts';
import { oneOf, parseDurationMs } from '../options/parsers.ts';
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

interface TracesOptions extends SourceOptions, RangeOptions {
  service?: string;
  operation?: string;
  minDuration?: number;
  maxDuration?: number;
  status?: SpanStatus;
  attribute?: Record<string, string>;
  correlationId?: string;
  limit: number;
}

const statuses: readonly SpanStatus[] = ['unset', 'ok', 'error'];

export function addTraces(program: Command): void {
  const command = program
    .command('traces')
    .summary('find traces')
    .description('Find traces, newest first. Several filters must all match one span of the trace.')
    .option('--service <name>', 'service of the span')
    .option('--operation <name>', 'exact name of the span')
    .addOption(new Option('--min-duration <duration>', 'at least so long').argParser(parseDurationMs))
    .addOption(new Option('--max-duration <duration>', 'at most so long').argParser(parseDurationMs))
    .addOption(new Option('--status <status>', `one of ${statuses.join(', ')}`).argParser(oneOf(statuses)))
    .addOption(pairOption('--attribute <key=value>', 'attribute of the span or its resource'))
    .option('--correlation-id <id>', 'correlation ID of the span')
    .addOption(limitOption(1000, 20));
  addSourceOptions(addRangeOptions(command))
    .addHelpText(
      'after',
      examples(
        ['crmbet-otel traces', 'the last 20'],
        ['crmbet-otel traces --since 15m --min-duration 500ms', 'slow ones'],
        ['crmbet-otel traces --status error --attribute http.route=/users/:id', 'failures of one route'],
        ['crmbet-otel traces --json | jq -r .traces[].traceId', 'for other programs'],
      ),
    )
    .action((options: TracesOptions) => showTraces(options));
}

async function showTraces(options: TracesOptions): Promise<void> {
  const { service, operation, minDuration, maxDuration, status, attribute, correlationId, limit } = options;
  const query = withoutUndefined({
    service,
    operation,
    status,
    correlationId,
    limit,
    minDurationMs: minDuration,
    maxDurationMs: maxDuration,
    attributes: attribute,
    ...rangeOf(options),
  });
  const traces = await withBackend(options, (backend) => backend.findTraces(query));
  if (options.json) return writeJson({ traces });
  if (traces.length === 0) return writeNotice('no trace matches.');
  const { renderTraces } = await import('../render/traces.ts');
  await writeResult(renderTraces(traces, outputStyle()));
  if (traces.length === limit) writeNotice(`these are the newest ${limit}; --limit shows more.`);
}
