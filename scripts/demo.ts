/** `npm run demo`: the whole path on this machine. See `--help`. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { follow, sendRequests } from './demo/check.ts';
import { DemoError } from './demo/error.ts';
import { parseOptions, USAGE, type DemoOptions } from './demo/options.ts';
import { choosePorts, usualPorts } from './demo/ports.ts';
import { createChildren, type Children } from './demo/processes.ts';
import { startLoad, startStack, type Stack } from './demo/stack.ts';
import { showStatus } from './demo/status-line.ts';
import { formatFindings } from './demo/table.ts';

const root = dirname(import.meta.dirname);
const CHECK_LOAD_SECONDS = 4;
const DAY_SECONDS = 86_400;

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Runs `work` with a data file; a temporary one is deleted afterwards. */
async function withDataFile(file: string | undefined, work: (file: string) => Promise<void>): Promise<void> {
  if (file !== undefined) return work(resolve(file));
  const cache = join(root, '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'demo-'));
  try {
    await work(join(folder, 'telemetry.duckdb'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Resolves when the person or the system asks the demo to end. */
function asked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

/** @throws {DemoError} `INTERRUPTED`, for a check that was ended before it was done */
async function interrupted(end: Promise<void>): Promise<never> {
  await end;
  throw new DemoError('INTERRUPTED', 'Interrupted before the check was done.');
}

async function check(
  { uiUrl, backendUrl, telemetry }: Stack,
  children: Children,
  ratePerSecond: number,
): Promise<void> {
  say(`Backend ${backendUrl}, UI ${uiUrl}. Load for ${CHECK_LOAD_SECONDS} s, with two requests to follow ...`);
  const load = startLoad(children, backendUrl, ratePerSecond, CHECK_LOAD_SECONDS);
  await new Promise<void>((resolve) => load.onMessage(() => resolve()));
  const requests = await sendRequests(backendUrl);
  await load.ended;
  say(`\n${load.output()}\n`);
  const findings = await Promise.all(requests.map((request) => follow(telemetry, request)));
  say(formatFindings(findings));
  const failed = findings.filter(({ missing }) => missing.length > 0);
  if (failed.length > 0) {
    const what = failed.map(({ correlationId, missing }) => `of ${correlationId}: ${missing.join('; ')}`);
    throw new DemoError('NOT_FOUND', `Not found ${what.join(' | ')}`);
  }
  say('Trace, logs and metrics of both requests were found by their correlation IDs.');
}

async function show(stack: Stack, children: Children, ratePerSecond: number, end: Promise<void>): Promise<void> {
  const { uiUrl, backendUrl, telemetry } = stack;
  const [request] = await sendRequests(backendUrl);
  const id = request?.correlationId ?? '';
  const elsewhere = uiUrl.endsWith(`:${usualPorts.ui.port}`) ? '' : ` --url ${uiUrl}`;
  say(`
  UI            ${uiUrl}
  One request   ${uiUrl}/correlate/${id}
  The same      npx crmbet-otel correlate ${id}${elsewhere}
  Backend       ${backendUrl} (metrics at ${backendUrl}/metrics)
  To end        Ctrl-C
`);
  const load = startLoad(children, backendUrl, ratePerSecond, DAY_SECONDS);
  const hide = showStatus(load, telemetry);
  await Promise.race([end, children.crashed]).finally(hide);
  say('Ending ...');
}

async function run(options: DemoOptions): Promise<void> {
  const children = createChildren(root);
  const end = asked();
  await withDataFile(options.dataFile, async (dataFile) => {
    try {
      const ports = await choosePorts(options.anyPort, say);
      say('Starting crmbet-otel up and the backend (with an embedded PostgreSQL unless DATABASE_URL is set) ...');
      const work = startStack(children, ports, dataFile).then((stack) =>
        options.check
          ? check(stack, children, options.ratePerSecond)
          : show(stack, children, options.ratePerSecond, end),
      );
      // Without this, what the end interrupts would be an unhandled rejection.
      work.catch(() => undefined);
      await Promise.race([work, options.check ? interrupted(end) : end, children.crashed]);
    } finally {
      await children.stopAll();
    }
  });
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options) await run(options);
  else process.stdout.write(USAGE);
} catch (error) {
  const isExpected = error instanceof DemoError;
  process.stderr.write(`demo: ${isExpected ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  if (isExpected && error.code === 'BAD_OPTION') process.stderr.write(`\n${USAGE}`);
  process.exitCode = 1;
}
// What still waits for a process that was stopped has nothing to wait for.
process.exit();
