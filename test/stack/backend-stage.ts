import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import { createHttpBackend, startLocal, type TelemetryBackend } from '@crmbet/telemetry';
import { runFixture, temporaryFolder, type Fixture } from '@crmbet/testkit';

const backendFolder = join(import.meta.dirname, '../../examples/backend');

export interface Answer {
  status: number;
  correlationId: string | null;
  body: Record<string, unknown>;
}

export interface PreloadedBackend extends Fixture {
  call(method: 'GET' | 'POST', path: string, body?: object, correlationId?: string): Promise<Answer>;
  /** The samples of its /metrics page: value by name with labels. */
  samples(): Promise<Map<string, number>>;
  /** Registers a user; the ID of it. */
  register(): Promise<string>;
}

/** A receiver with its store, a database, and backends under the preload that use both. */
export interface BackendStage {
  telemetry: TelemetryBackend;
  start(serviceName: string, env: Record<string, string | undefined>): Promise<PreloadedBackend>;
  close(): Promise<void>;
}

export function server(variable: string): string {
  const url = process.env[variable];
  if (!url) throw new Error(`${variable} must be the address of a server.`);
  return url;
}

export async function openBackendStage(): Promise<BackendStage> {
  const database = await createDatabase();
  const path = join(temporaryFolder(), 'telemetry.duckdb');
  const local = await startLocal({ httpPort: 0, grpcPort: 0, uiPort: 0, path });
  const telemetry = createHttpBackend(local.url);
  return {
    telemetry,
    async start(serviceName, env) {
      const fixture = await runFixture({
        file: 'dist/main.js',
        cwd: backendFolder,
        nodeArgs: ['--require', '@crmbet/otel'],
        env: {
          PORT: '0',
          DATABASE_URL: database.url,
          PAYMENT_FAILURE_RATE: '0',
          OTEL_SERVICE_NAME: serviceName,
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${local.httpPort}`,
          OTEL_BSP_SCHEDULE_DELAY: '50',
          OTEL_BLRP_SCHEDULE_DELAY: '50',
          ...env,
        },
        readyPattern: /^listening on (\d+)$/m,
      });
      return withClient(fixture);
    },
    async close() {
      await telemetry.close();
      await local.close();
      await database.drop();
    },
  };
}

function withClient(fixture: Fixture): PreloadedBackend {
  const url = `http://127.0.0.1:${fixture.port}`;
  const call: PreloadedBackend['call'] = async (method, path, body, correlationId) => {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(correlationId && { 'x-correlation-id': correlationId }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    return { status: response.status, correlationId: response.headers.get('x-correlation-id'), body: answer };
  };
  return Object.assign(fixture, {
    call,
    async samples() {
      const page = await (await fetch(`${url}/metrics`)).text();
      const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      return new Map(
        lines.map((line) => {
          const end = line.lastIndexOf(' ');
          return [line.slice(0, end), Number(line.slice(end + 1))] as const;
        }),
      );
    },
    async register() {
      const email = `${randomUUID()}@example.com`;
      const { status, body } = await call('POST', '/api/users', { name: 'Ana', email, country: 'BR', source: 'ads' });
      if (status !== 201) throw new Error(`The user was not registered: ${JSON.stringify(body)}`);
      return String(body['id']);
    },
  });
}

/** A database of its own on the server of the environment. */
async function createDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const url = new URL(server('CRMBET_TEST_POSTGRES_URL'));
  const name = `backend_${randomUUID().replaceAll('-', '')}`;
  const run = async (statement: string) => {
    const client = new Client({ connectionString: String(url) });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await run(`CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = name;
  return { url: String(own), drop: () => run(`DROP DATABASE ${name} WITH (FORCE)`) };
}
