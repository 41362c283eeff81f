import type { Command } from 'commander';
import type { Check } from '../doctor/check.ts';
import type { Observation } from '../doctor/application.ts';
import { examples } from '../options/examples.ts';
import { wholeNumber } from '../options/parsers.ts';
import { defaultUrl } from '../options/query-options.ts';
import { tokenOption } from '../options/server-options.ts';
import { outputStyle, writeJson, writeResult } from '../output.ts';
import { renderChecks } from '../render/doctor.ts';

interface DoctorOptions {
  json?: boolean;
  seconds: number;
  token?: string;
}

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('find out why telemetry is missing')
    .description(
      'Check Node.js, the settings of this environment and the endpoint, by sending one span, log record and metric and,\n' +
        'where `up` receives them, reading them back. With a command: run it for a while and say what is instrumented,\n' +
        'what could not be and why. Exit code 1 when something keeps telemetry from working.',
    )
    .usage('[options] [-- <command> [arguments...]]')
    .argument('[command...]', 'the command that starts the application, and its arguments')
    .passThroughOptions()
    .option('--seconds <number>', 'how long the command runs at most (1 to 600)', wholeNumber(1, 600), 5)
    .addOption(tokenOption('needed to read back when the server was started with one'))
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples(
        ['crmbet-otel doctor', 'Node.js, settings and endpoint'],
        ['crmbet-otel doctor -- node app.js', 'and an application'],
        ['crmbet-otel doctor --seconds 20 -- npm start', 'one that takes long to start'],
        ['crmbet-otel doctor --json', 'for scripts'],
      ),
    )
    .action(async (words: string[], options: DoctorOptions) => {
      const observation = words.length === 0 ? undefined : await look(words, options.seconds);
      const checks = [...(await checkEnvironment(options)), ...(observation?.checks ?? [])];
      const isGood = checks.every(({ state }) => state !== 'error');
      if (options.json) await writeJson({ good: isGood, checks, processes: observation?.reports ?? [] });
      else await writeResult(renderChecks(checks, outputStyle()));
      process.exitCode = isGood ? 0 : 1;
    });
}

async function checkEnvironment({ token }: DoctorOptions): Promise<Check[]> {
  const { checkSettings, sendProbe } = await import('@crmbet/otel/sdk');
  const { checkNode, checksOfSettings } = await import('../doctor/settings.ts');
  const { checksOfProbe, checksOfReading } = await import('../doctor/endpoint.ts');
  const settings = checkSettings(process.env);
  const probe = await sendProbe(settings.settings);
  return [
    checkNode(process.versions.node),
    ...checksOfSettings(settings),
    ...checksOfProbe(probe),
    ...(await checksOfReading(probe, defaultUrl(), token)),
  ];
}

async function look(words: readonly string[], seconds: number): Promise<Observation & { checks: Check[] }> {
  const { observe } = await import('../doctor/application.ts');
  const { checksOfApplication } = await import('../doctor/checks-of-application.ts');
  const observation = await observe(words, seconds * 1000);
  return { ...observation, checks: checksOfApplication(observation) };
}
