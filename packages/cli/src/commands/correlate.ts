import type { Command } from 'commander';
import { withBackend } from '../backend.ts';
import { CliError } from '../errors.ts';
import { examples } from '../options/examples.ts';
import { addSourceOptions, type SourceOptions } from '../options/query-options.ts';
import { outputStyle, writeJson, writeResult } from '../output.ts';

export function addCorrelate(program: Command): void {
  const command = program
    .command('correlate')
    .summary('show everything about one ID')
    .description('Show everything about one ID (correlation, trace or span) in the order of time.')
    .argument('<id>', 'the ID: of a response header, a log line, a span');
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(
        ['crmbet-otel correlate 7f3d2c1a-58a1-4f0e-9a63-0c5b8f1d2e3f', 'by correlation ID'],
        ['crmbet-otel correlate 5b8efff798038103d269b633813fc60c --json', 'by trace ID, for other programs'],
      ),
    )
    .action((id: string, options: SourceOptions) => showCorrelation(id, options));
}

async function showCorrelation(id: string, options: SourceOptions): Promise<void> {
  const correlation = await withBackend(options, (backend) => backend.correlate(id));
  if (correlation.idType === 'none') throw new CliError('NOT_FOUND', `nothing about ${id} is stored.`);
  if (options.json) return writeJson(correlation);
  const { renderCorrelation } = await import('../render/correlation.ts');
  await writeResult(renderCorrelation(correlation, outputStyle()));
}
