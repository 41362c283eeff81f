import type { Command } from 'commander';
import { probeServer } from '../backend.ts';
import { addressOf, startLocalServer } from '../local-server.ts';
import { examples } from '../options/examples.ts';
import { addServerOptions, type ServerOptions } from '../options/server-options.ts';
import { writeNotice } from '../output.ts';
import { endAs, runCommand } from '../run/child.ts';
import { overriddenVariables, telemetryEnvironment } from '../run/environment.ts';

interface Telemetry {
  /** Address of the UI. */
  url: string;
  otlpHttpUrl: string;
  close(): Promise<void>;
  /** Said when the command has ended; empty when the server stays. */
  farewell: string;
}

export function addRun(program: Command): void {
  const command = program
    .command('run')
    .summary('run a Node.js command with telemetry')
    .description(
      'Run a Node.js command with telemetry. Where no `up` answers, receiver and UI run in this process as long as the\n' +
        'command does; its telemetry stays in the data file, for the other commands and for `up`.',
    )
    .usage('[options] -- <command> [arguments...]')
    .argument('<command...>', 'the command and its arguments')
    .passThroughOptions();
  addServerOptions(command)
    .addHelpText(
      'after',
      examples(
        ['crmbet-otel run -- node app.js', 'an application'],
        ['crmbet-otel run -- npm start', 'whatever starts Node.js in the end'],
        ['crmbet-otel run --ui-port 8080 -- node app.js --port 3000', 'options of both'],
      ),
    )
    .action(async (words: string[], options: ServerOptions) => {
      const telemetry = await findOrStart(options);
      const replaced = overriddenVariables(process.env);
      if (replaced.length > 0) writeNotice(`set for this command instead of yours: ${replaced.join(', ')}`);
      writeNotice(`telemetry at ${telemetry.url}`);
      try {
        const end = await runCommand(words, telemetryEnvironment(process.env, telemetry.otlpHttpUrl));
        await telemetry.close();
        if (telemetry.farewell !== '') writeNotice(telemetry.farewell);
        endAs(end);
      } finally {
        await telemetry.close();
      }
    });
}

/** The `up` at the options' address, else one in this process. */
async function findOrStart(options: ServerOptions): Promise<Telemetry> {
  const url = addressOf(options.host, options.uiPort);
  const running = options.uiPort === 0 ? undefined : await probeServer(url, options.token);
  if (running) return { url, otlpHttpUrl: running.endpoints.http, close: () => Promise.resolve(), farewell: '' };
  const server = await startLocalServer(options);
  let closing: Promise<void> | undefined;
  return {
    url: server.url,
    otlpHttpUrl: server.otlpHttpUrl,
    close: () => (closing ??= server.close()),
    farewell: `telemetry is kept in ${options.data}: \`crmbet-otel traces\` lists it, \`crmbet-otel up\` shows it.`,
  };
}
