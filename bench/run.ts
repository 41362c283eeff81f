/** `npm run bench [-- NAME ...]`: runs the benchmarks of this folder one after another, each against its peer, and prints ratios. */
import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { format, parseArgs } from 'node:util';
import { writeSection } from './document.ts';

interface Benchmark {
  /** Prints what it found; resolves to it in Markdown where it has that. */
  run(options: { rounds?: number | undefined; only?: string[] | undefined }): Promise<string | void>;
}

/** Files here that are no benchmark but used by one. */
const helpers = new Set(['run.ts', 'document.ts']);
const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !helpers.has(file))
  .map((file) => basename(file, '.ts'));
const usage = `npm run bench [-- [--update] [--rounds N] [--only A,B] NAME ...]

NAME      ${known.join(', ')} (default: all)
--update  write what was found to docs/benchmarks.md
--rounds  of preload: runs of every contender (default: 7)
--only    of preload: these contenders, such as none,@crmbet/otel,dd-trace (default: all)`;

const { values: flags, positionals: asked } = parseFlags();
if (flags.help) {
  console.log(usage);
  process.exit(0);
}
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) fail(`no benchmark ${unknown.join(', ')}; there are: ${known.join(', ')}`);
const rounds = flags.rounds === undefined ? undefined : Number(flags.rounds);
if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) fail('--rounds is a whole number of 1 or more');

const processors = cpus();
const machine = `${processors.length} x ${processors[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node.js ${process.versions.node}`;
console.log(`machine: ${machine}`);
for (const name of asked.length > 0 ? asked : known) {
  console.log(`\n== ${name}`);
  const benchmark = (await import(join(import.meta.dirname, `${name}.ts`))) as Benchmark;
  const printed = await recorded(() => benchmark.run({ rounds, only: flags.only?.split(',') }));
  if (flags.update) writeSection(name, machine, printed);
}

/** Runs a benchmark; what it prints is its report unless it gives one. */
async function recorded(work: () => Promise<string | void>): Promise<string> {
  const lines: string[] = [];
  const print = console.log;
  console.log = (...values: unknown[]) => {
    lines.push(format(...values));
    print(...values);
  };
  try {
    return (await work()) ?? `\`\`\`text\n${lines.join('\n')}\n\`\`\``;
  } finally {
    console.log = print;
  }
}

function parseFlags() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean' },
        update: { type: 'boolean' },
        rounds: { type: 'string' },
        only: { type: 'string' },
      },
    });
  } catch (error) {
    return fail((error as Error).message);
  }
}

function fail(message: string): never {
  console.error(`bench: ${message}\n\n${usage}`);
  process.exit(2);
}
