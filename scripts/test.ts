/** `npm test [-- FILTER ...]`: format, lint and import directions, then every test that needs no other server. */
import { spawnSync } from 'node:child_process';
import { formatCounts, runVitest, type TestCounts } from './vitest.ts';

const filters = process.argv.slice(2);
if (filters.includes('--help')) {
  console.log(
    'npm test                 checks (format, lint, import directions) and all tests without other servers\nnpm test -- FILTER ...   only test files whose path contains a FILTER; no checks',
  );
  process.exit(0);
}

const checks: [name: string, command: string, args: string[]][] = [
  ['format', 'oxfmt', ['--check', '.']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
];

function runChecks(): TestCounts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, command, args] of checks) {
    const result = spawnSync(command, args, { encoding: 'utf8', shell: process.platform === 'win32' });
    const good = result.status === 0;
    counts[good ? 'passed' : 'failed'] += 1;
    process.stderr.write(good ? `check: ${name} ok\n` : `check: ${name} failed\n${result.stdout}${result.stderr}\n`);
  }
  return counts;
}

const checked = filters.length > 0 ? { passed: 0, failed: 0, skipped: 0 } : runChecks();
const tested = await runVitest('unit', filters);
console.log(`checks: ${formatCounts(checked)}`);
console.log(`npm test: ${formatCounts(tested)}`);
process.exitCode = checked.failed + tested.failed > 0 ? 1 : 0;
