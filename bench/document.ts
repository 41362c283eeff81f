import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const path = join(import.meta.dirname, '..', 'docs', 'benchmarks.md');
const introduction = `# Benchmarks

We and the peers in one run on one machine. Compare the ratios: absolute figures depend on the machine and on what else it does.
Each section is written by \`npm run bench -- NAME --update\`.
`;

/** Puts a section into docs/benchmarks.md in place of the earlier one; what is written by hand around it stays. */
export function writeSection(name: string, machine: string, report: string): void {
  const begin = `<!-- begin ${name}: written by npm run bench -- ${name} --update -->`;
  const end = `<!-- end ${name} -->`;
  const date = new Date().toISOString().slice(0, 10);
  const section = `${begin}\n## ${name}\n\n${date}, ${machine}\n\n${report}\n${end}`;
  const document = existsSync(path) ? readFileSync(path, 'utf8') : introduction;
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  const changed =
    from < 0 || to < from
      ? `${document.trimEnd()}\n\n${section}\n`
      : `${document.slice(0, from)}${section}${document.slice(to + end.length)}`;
  writeFileSync(path, changed);
  console.log(`written to ${path}`);
}
