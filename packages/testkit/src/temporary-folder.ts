import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUpAfterTest } from './clean-up.ts';

/** The path of a new empty folder, removed with all it contains when the test ends (made in `beforeAll`: when the test process ends). */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'crmbet-otel-test-'));
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  cleanUpAfterTest(remove, remove);
  return path;
}
