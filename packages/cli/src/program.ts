import { Command } from 'commander';
import { addCorrelate } from './commands/correlate.ts';
import { addDoctor } from './commands/doctor.ts';
import { addLogs } from './commands/logs.ts';
import { addMetrics } from './commands/metrics.ts';
import { addRun } from './commands/run.ts';
import { addTrace } from './commands/trace.ts';
import { addTraces } from './commands/traces.ts';
import { addUp } from './commands/up.ts';
import { examples } from './options/examples.ts';
import { packageVersion } from './version.ts';

/** The whole command line. What a command needs to work is loaded when it runs, so that help comes at once. */
export function createProgram(): Command {
  const program = new Command('crmbet-otel')
    .description('Traces, logs and metrics on this machine, tied by one correlation ID.')
    .version(packageVersion())
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError()
    .helpCommand(true);
  addUp(program);
  addRun(program);
  addDoctor(program);
  addTraces(program);
  addTrace(program);
  addLogs(program);
  addMetrics(program);
  addCorrelate(program);
  program.addHelpText(
    'after',
    examples(
      ['crmbet-otel up', 'receive, store and show telemetry until Ctrl-C'],
      ['crmbet-otel run -- node app.js', 'run an application with telemetry'],
      ['crmbet-otel doctor -- node app.js', 'why is telemetry missing?'],
      ['crmbet-otel traces --since 15m --status error', 'requests that failed'],
      ['crmbet-otel correlate 7f3d2c1a', 'everything about one ID'],
    ),
  );
  return program;
}
