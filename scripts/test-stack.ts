/** `npm run test:stack [-- FILTER ...]`: installs what is missing of the real servers, starts them on free ports, runs the tests against them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, installServers } from './stack/install.ts';
import { startMariadb } from './stack/mariadb.ts';
import { startMemcached } from './stack/memcached.ts';
import { installNodeVersions } from './stack/node-versions.ts';
import { startPostgres } from './stack/postgres.ts';
import { startRabbitmq } from './stack/rabbitmq.ts';
import { startRedis } from './stack/redis.ts';
import type { ServerProcess } from './stack/server-process.ts';
import { formatCounts, runVitest } from './vitest.ts';

const filters = process.argv.slice(2);
if (filters.includes('--help')) {
  console.log(
    'npm run test:stack                 all tests against the real servers\nnpm run test:stack -- FILTER ...   only test files whose path contains a FILTER',
  );
  process.exit(0);
}

const servers: ServerProcess[] = [];
const folder = mkdtempSync(join(tmpdir(), 'crmbet-stack-'));

async function stopAll(): Promise<void> {
  await Promise.allSettled(servers.splice(0).map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    process.stderr.write('stack: stopping\n');
    void stopAll().finally(() => process.exit(130));
  });
}

try {
  installServers();
  for (const [name, start] of [
    ['PostgreSQL', startPostgres],
    ['Redis', startRedis],
    ['RabbitMQ', startRabbitmq],
    ['MariaDB', startMariadb],
    ['memcached', startMemcached],
  ] as const) {
    const started = performance.now();
    servers.push(await start(folder));
    process.stderr.write(`stack: ${name} is up (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
  }
  const environment = Object.assign({}, ...servers.map((server) => server.environment), installNodeVersions(), {
    CRMBET_TEST_PROMETHEUS: findProgram('prometheus') ?? '',
    CRMBET_TEST_PROMTOOL: findProgram('promtool') ?? '',
    CRMBET_TEST_CHROMIUM: findProgram('chromium') ?? '',
  }) as Record<string, string>;
  const counts = await runVitest('stack', filters, environment);
  console.log(`npm run test:stack: ${formatCounts(counts)}`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
} catch (error) {
  process.stderr.write(`stack: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await stopAll();
}
