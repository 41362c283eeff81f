// Prints `N passed, N failed, N skipped` over every test report in .cache/test-results; fails when one is missing.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), '.cache', 'test-results');
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const runner of ['unit', 'stack']) {
  try {
    const report = JSON.parse(readFileSync(join(folder, `${runner}.json`), 'utf8'));
    sum.passed += report.numPassedTests;
    sum.failed += report.numFailedTests;
    sum.skipped += report.numPendingTests + report.numTodoTests;
  } catch (error) {
    process.stderr.write(`No report of ${runner}: ${error.message}\n`);
    sum.failed += 1;
  }
}
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed > 0 ? 1 : 0;
