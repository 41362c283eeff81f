/** `npm run bench [-- NAME ...]`: runs the benchmarks of this folder one after another, each against its peer, and prints ratios. */
import { readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { basename, join } from 'node:path';

interface Benchmark {
  run(): Promise<void>;
}

/** Files here that are no benchmark but used by one. */
const helpers = new Set(['run.ts']);
const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !helpers.has(file))
  .map((file) => basename(file, '.ts'));

const asked = process.argv.slice(2);
if (asked.includes('--help')) {
  console.log(`npm run bench [-- NAME ...]\n\nNAME: ${known.join(', ')} (default: all)`);
  process.exit(0);
}
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`bench: no benchmark ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  process.exit(2);
}

const processors = cpus();
console.log(
  `machine: ${processors.length} x ${processors[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node.js ${process.versions.node}`,
);
for (const name of asked.length > 0 ? asked : known) {
  console.log(`\n== ${name}`);
  const benchmark = (await import(join(import.meta.dirname, `${name}.ts`))) as Benchmark;
  await benchmark.run();
}
