import { join } from 'node:path';
import { freePort, runFixture, startOtlpServer } from '@crmbet/testkit';
import { expect, it } from 'vitest';

const packageRoot = join(__dirname, '../../..');
const fixtures = 'src/instrumentation/libraries/fixtures';

/** Runs what `library` does inside the span `work`; `url` is where it finds its server. */
async function runLibrary(library: string, url?: string, env: Record<string, string> = {}) {
  const otlp = await startOtlpServer();
  const app = await runFixture({
    file: `${fixtures}/library-app.cjs`,
    cwd: packageRoot,
    nodeArgs: ['--require', '@crmbet/otel'],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, FIXTURE_LIBRARY: library, FIXTURE_URL: url, ...env },
  });
  expect(await app.exited).toEqual({ code: 0, signal: null });
  expect(app.stderr).toBe('');
  const spans = otlp.spans();
  const work = spans.find(({ name }) => name === 'work');
  // No value that the application handles may leave it.
  const sent = JSON.stringify([spans, otlp.logs()], (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  expect(sent).not.toContain('secret-4711');
  return { spans, work, otlp, stdout: app.stdout };
}

async function runWithFake(library: string, fake: string, scheme: string) {
  const server = await runFixture({
    file: `${fixtures}/${fake}`,
    cwd: packageRoot,
    readyPattern: /listening on (\d+)/,
  });
  return runLibrary(library, `${scheme}://127.0.0.1:${server.port}`);
}

it('graphql: a span for each operation, without its values', async () => {
  const { spans, work } = await runLibrary('graphql');
  expect(new Set(spans.map(({ name }) => name))).toEqual(
    new Set(['graphql.parseSchema', 'graphql.parse', 'graphql.validate', 'query findShop', 'work']),
  );
  expect(spans.find(({ name }) => name === 'query findShop')).toMatchObject({ parentSpanId: work?.spanId });
});

it('grpc: client and server in one trace, with the correlation ID', async () => {
  const { spans, work, stdout } = await runLibrary('grpc');
  const client = spans.find(({ kind }) => kind === 'client');
  const server = spans.find(({ kind }) => kind === 'server');
  expect(client).toMatchObject({ name: 'grpc.fixture.Greeter/Greet', parentSpanId: work?.spanId });
  expect(server).toMatchObject({ name: 'grpc.fixture.Greeter/Greet', parentSpanId: client?.spanId });
  expect(server?.attributes['correlation.id']).toBe('library-span');
  expect(stdout).toBe('library-span\n');
});

it('mongodb: a span for a command, without its values (a fake server)', async () => {
  const { spans, work } = await runWithFake('mongodb', 'fake-mongodb.cjs', 'mongodb');
  const find = spans.find(({ attributes }) => attributes['db.operation.name'] === 'find');
  expect(find).toMatchObject({ kind: 'client', parentSpanId: work?.spanId });
  expect(find?.attributes).toMatchObject({
    'db.system.name': 'mongodb',
    'db.collection.name': 'users',
    'db.namespace': 'crm',
    'correlation.id': 'library-span',
  });
});

it('mongoose: a span for a query, beside that of the driver (a fake server)', async () => {
  const { spans, work } = await runWithFake('mongoose', 'fake-mongodb.cjs', 'mongodb');
  const finds = spans.filter(({ attributes }) => attributes['db.operation.name'] === 'find');
  expect(finds.map(({ scopeName }) => scopeName).toSorted()).toEqual([
    '@opentelemetry/instrumentation-mongodb',
    '@opentelemetry/instrumentation-mongoose',
  ]);
  for (const find of finds) {
    expect(find.parentSpanId).toBe(work?.spanId);
    expect(find.attributes['db.collection.name']).toBe('users');
  }
});

it('kafkajs: a span for a message that cannot be sent, and its context in the headers (no broker)', async () => {
  const { spans, work, stdout } = await runLibrary('kafkajs', `127.0.0.1:${await freePort()}`);
  const producer = spans.find(({ kind }) => kind === 'producer');
  expect(producer).toMatchObject({ name: 'send orders', status: 'error', parentSpanId: work?.spanId });
  const headers = JSON.parse(stdout) as Record<string, string>;
  expect(headers['traceparent']).toContain(producer?.spanId);
  expect(headers['baggage']).toContain('library-span');
});

it('aws-sdk: a span for a call, without what it carries (a fake service)', async () => {
  const { spans, work } = await runWithFake('aws-sdk', 'fake-http-services.cjs', 'http');
  const send = spans.find(({ kind }) => kind === 'producer');
  expect(send).toMatchObject({ name: 'orders send', parentSpanId: work?.spanId });
  expect(send?.attributes).toMatchObject({ 'rpc.method': 'SendMessage', 'messaging.system': 'aws_sqs' });
});

it('socket.io: a span for an event that is received and one for what is sent', async () => {
  const { spans, stdout } = await runLibrary('socket.io');
  expect(stdout).toBe('taken\n');
  expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(['receive /', 'send /']));
  expect(spans.find(({ name }) => name === 'receive /')).toMatchObject({ kind: 'consumer' });
});

it('openai: a span with model and tokens, without prompt and answer (a fake service)', async () => {
  const { spans, work, otlp } = await runWithFake('openai', 'fake-http-services.cjs', 'http');
  const chat = spans.find(({ name }) => name === 'chat small');
  expect(chat).toMatchObject({ kind: 'client', parentSpanId: work?.spanId });
  expect(chat?.attributes).toMatchObject({ 'gen_ai.usage.output_tokens': 4, 'gen_ai.response.model': 'small-1' });
  expect(otlp.logs().map(({ spanId }) => spanId)).toContain(chat?.spanId);
});

it('dataloader: a span for a load and one for its batch', async () => {
  const { spans, work } = await runLibrary('dataloader');
  const loads = spans.filter(({ name }) => name === 'dataloader.load shops');
  expect(loads.map(({ parentSpanId }) => parentSpanId)).toEqual([work?.spanId, work?.spanId]);
  expect(spans.filter(({ name }) => name === 'dataloader.batch shops')).toHaveLength(1);
});

it('generic-pool: a span for the wait for a resource', async () => {
  const { spans, work } = await runLibrary('generic-pool');
  expect(spans.find(({ name }) => name === 'generic-pool.acquire')).toMatchObject({ parentSpanId: work?.spanId });
});

it('lru-memoizer: callers that share one load keep their own context', async () => {
  const { stdout } = await runLibrary('lru-memoizer');
  expect(stdout.trim().split('\n').toSorted()).toEqual(['first true', 'second true']);
});

it('nestjs-core: spans of controllers only when it is named, beside all others', async () => {
  const otlp = await startOtlpServer();
  const app = await runFixture({
    file: `${fixtures}/nest-app.cjs`,
    cwd: packageRoot,
    nodeArgs: ['--require', '@crmbet/otel'],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'default,nestjs-core',
    },
    readyPattern: /listening on (\d+)/,
  });
  await (await fetch(`http://127.0.0.1:${app.port}/shops/7/items/9`)).text();
  const request = await otlp.waitFor((server) =>
    server.spans().find(({ name }) => name === 'GET /shops/:shopId/items/:itemId'),
  );
  const controller = await otlp.waitFor((server) => server.spans().find(({ name }) => name === 'Shops.item'));
  expect(controller.parentSpanId).toBe(request.spanId);
});

it.each([{ OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'graphql' }, { OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http,pg' }])(
  'leaves out what %o leaves out',
  async (env) => {
    const { spans } = await runLibrary('graphql', undefined, env);
    expect(spans.map(({ name }) => name)).toEqual(['work']);
  },
);
