import type { Command } from 'commander';
import { addressOf, startLocalServer, type LocalServer } from '../local-server.ts';
import { examples } from '../options/examples.ts';
import { addServerOptions, type ServerOptions } from '../options/server-options.ts';
import { outputStyle, type Colors, writeNotice, writeResult } from '../output.ts';

interface UpOptions extends ServerOptions {
  json?: boolean;
}

export function addUp(program: Command): void {
  const command = program
    .command('up')

    .summary('receive, keep and show telemetry')
    .description('Receive OTLP, keep it in a file and serve the UI and the query API until Ctrl-C.');
  addServerOptions(command)
    .option('--json', 'print the addresses as one line of JSON')
    .addHelpText(
      'after',
      examples(
        ['crmbet-otel up', 'on the usual ports'],
        ['crmbet-otel up --ui-port 8080', 'the UI elsewhere'],
        ['crmbet-otel up --data ./telemetry.duckdb --retention 2h', 'a file of this project, kept short'],
        ['crmbet-otel up --http-port 0 --grpc-port 0 --ui-port 0 --json', 'any free ports, for scripts'],
      ),
    )
    .action(async (options: UpOptions) => {
      const server = await startLocalServer(options);
      const ended = untilAskedToStop(server);
      if (!isLoopback(options.host)) {
        writeNotice(`others in the network of ${options.host} can send telemetry: the receivers take no token.`);
      }
      await writeResult(options.json ? JSON.stringify(startLine(server, options)) : startText(server, options));
      await ended;
    });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function startLine(server: LocalServer, { host, data }: UpOptions) {
  const { url, httpPort, grpcPort, uiPort } = server;
  const endpoints = { http: server.otlpHttpUrl, grpc: addressOf(host, grpcPort), ui: url };
  return { url, httpPort, grpcPort, uiPort, endpoints, data, pid: process.pid };
}

function startText(server: LocalServer, { host, data }: UpOptions): string {
  const { colors } = outputStyle();
  return [
    row('UI', colors.cyan(server.url), colors),
    row('OTLP/HTTP', server.otlpHttpUrl, colors),
    row('OTLP/gRPC', addressOf(host, server.grpcPort), colors),
    row('Data', data, colors),
    '',
    'Send telemetry: node --require @crmbet/otel app.js',
    'Stop: Ctrl-C',
  ].join('\n');
}

function row(title: string, value: string, colors: Colors): string {
  return `${colors.bold(title.padEnd(10))} ${value}`;
}

/** Resolves when SIGINT or SIGTERM came and all is written and closed; a second signal ends the process at once. */
async function untilAskedToStop(server: LocalServer): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await server.close();
}
