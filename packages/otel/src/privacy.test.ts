import { join } from 'node:path';
import { inspect } from 'node:util';
import { runFixture, startOtlpServer, type Fixture, type OtlpServer } from '@crmbet/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const packageRoot = join(__dirname, '..');
const readyPattern = /listening on (\d+)/;

/** Everything that arrived. */
function printed(otlp: OtlpServer): string {
  const unlimited = { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity, breakLength: Infinity };
  return inspect([otlp.spans(), otlp.logs(), otlp.metrics()], unlimited);
}

describe('what never leaves the process', () => {
  let database: Fixture;

  beforeAll(async () => {
    const file = 'src/fixtures/pglite-server.mjs';
    database = await runFixture({ file, cwd: packageRoot, readyPattern, timeoutMs: 80_000 });
  }, 90_000);
  afterAll(async () => void (await database.stop()));

  async function observe(env: Record<string, string>): Promise<OtlpServer> {
    const otlp = await startOtlpServer();
    const app = await runFixture({
      file: 'src/fixtures/privacy-app.cjs',
      cwd: packageRoot,
      nodeArgs: ['--require', '@crmbet/otel'],
      env: {
        DATABASE_URL: `postgres://postgres:postgres@127.0.0.1:${database.port}/postgres`,
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
        OTEL_BSP_SCHEDULE_DELAY: '20',
        OTEL_METRIC_EXPORT_INTERVAL: '200',
        ...env,
      },
      readyPattern,
      timeoutMs: 60_000,
    });
    await fetch(`http://127.0.0.1:${app.port}/work?password=s3cret&page=1`, {
      headers: { authorization: 'Bearer s3cret', cookie: 'session=s3cret', 'x-tenant': 'six' },
    });
    await otlp.waitFor((server) => server.spans().filter(({ kind }) => kind === 'server').length === 3);
    await otlp.waitFor((server) => server.spans().some(({ name }) => name === 'set'));
    await otlp.waitFor((server) => server.metrics().length > 0);
    return otlp;
  }

  it('by default: secrets in URLs, headers, literals of SQL, arguments of Redis', async () => {
    const otlp = await observe({});
    expect(printed(otlp).match(/.{0,200}(?:s3cret|\.header\.).{0,50}/g)).toBeNull();
    const values = (key: string) => otlp.spans().flatMap(({ attributes }) => attributes[key] ?? []);
    expect(values('url.query')).toEqual(
      expect.arrayContaining(['password=REDACTED&page=1', 'api_key=REDACTED&page=2', 'token=REDACTED&page=3']),
    );
    expect(values('db.query.text')).toEqual(
      expect.arrayContaining([
        'INSERT INTO people (name) VALUES (?)',
        'SELECT * FROM people WHERE name = $1 AND note = ?',
        'set ?',
      ]),
    );
  }, 90_000);

  it('of headers on a list, the values of secret ones', async () => {
    const prefix = 'OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_';
    const otlp = await observe({
      [`${prefix}SERVER_REQUEST`]: 'X-Tenant, Authorization,cookie',
      [`${prefix}SERVER_RESPONSE`]: 'x-answer,set-cookie',
      [`${prefix}CLIENT_REQUEST`]: 'x-tenant,authorization',
      [`${prefix}CLIENT_RESPONSE`]: 'x-answer',
    });
    expect(printed(otlp).match(/.{0,200}s3cret.{0,50}/g)).toBeNull();
    const server = otlp.spans().find(({ attributes }) => attributes['url.path'] === '/work');
    expect(server?.attributes).toMatchObject({
      'http.request.header.x-tenant': ['six'],
      'http.request.header.authorization': ['[REDACTED]'],
      'http.request.header.cookie': ['[REDACTED]'],
      'http.response.header.x-answer': ['yes'],
      'http.response.header.set-cookie': ['[REDACTED]'],
    });
    const clients = otlp.spans().filter(({ kind, attributes }) => kind === 'client' && 'url.full' in attributes);
    const tenants = clients.flatMap(({ attributes }) => attributes['http.request.header.x-tenant']);
    expect(new Set(tenants)).toEqual(new Set(['seven', 'eight']));
    const answers = clients.flatMap(({ attributes }) => attributes['http.response.header.x-answer']);
    expect(answers).toEqual(['yes', 'yes']);
  }, 90_000);
});
