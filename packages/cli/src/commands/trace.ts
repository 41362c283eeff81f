import type { Command } from 'commander';
import { withBackend } from '../backend.ts';
import { CliError } from '../errors.ts';
import { examples } from '../options/examples.ts';
import { addSourceOptions, type SourceOptions } from '../options/query-options.ts';
import { outputStyle, writeJson, writeNotice, writeResult } from '../output.ts';

/** Log records that are shown with a trace. */
const logLimit = 1000;

export function addTrace(program: Command): void {
  const command = program
    .command('trace')
    .summary('show one trace as a tree, with its log records')
    .description('Show one trace as a tree with durations and errors, and its log records.')
    .argument('<id>', 'trace ID, 32 hexadecimal digits');
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(
        ['crmbet-otel trace 5b8efff798038103d269b633813fc60c', 'as a tree'],
        ['crmbet-otel trace 5b8efff798038103d269b633813fc60c --json', '{trace, logs}'],
      ),
    )
    .action((id: string, options: SourceOptions) => showTrace(id.toLowerCase(), options));
}

async function showTrace(id: string, options: SourceOptions): Promise<void> {
  if (!/^[0-9a-f]{32}$/.test(id)) {
    throw new CliError(
      'USAGE',
      `"${id}" is no trace ID (32 hexadecimal digits); \`crmbet-otel correlate\` takes any ID.`,
    );
  }
  const { trace, logs } = await withBackend(options, async (backend) => ({
    trace: await backend.getTrace(id),
    logs: await backend.findLogs({ traceId: id, order: 'asc', limit: logLimit }),
  }));
  if (trace === undefined) throw new CliError('NOT_FOUND', `no span of trace ${id} is stored.`);
  if (options.json) return writeJson({ trace, logs });
  const { renderTrace } = await import('../render/trace.ts');
  await writeResult(renderTrace(trace, logs, outputStyle()));
  if (logs.length === logLimit)
    writeNotice(`only the first ${logLimit} log records: \`crmbet-otel logs --trace ${id}\`.`);
}
