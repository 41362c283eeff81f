import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { temporaryFolder } from '@crmbet/testkit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openDuckDbStore } from '../duckdb/open.ts';
import { spanBatch } from '../duckdb/records.test.helper.ts';
import { type DuckDbStore } from '../duckdb/store.ts';
import { startQueryApi, type QueryApi, type QueryApiOptions } from './server.ts';

interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

let store: DuckDbStore;
let api: QueryApi;
let options: QueryApiOptions;
const reported: string[] = [];

/** As a browser or curl sends it; `fetch` would set its own Host and normalise the path. */
function get(
  path: string,
  {
    port = api.port,
    method = 'GET',
    headers = {},
  }: { port?: number; method?: string; headers?: Record<string, string> } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('latin1'),
        }),
      );
    });
    sent.on('error', reject).end();
  });
}

beforeAll(async () => {
  const folder = temporaryFolder();
  const webRoot = join(folder, 'web');
  mkdirSync(join(webRoot, 'assets'), { recursive: true });
  writeFileSync(join(webRoot, 'index.html'), `<!doctype html>${' '.repeat(2000)}`);
  writeFileSync(join(webRoot, 'assets/app-1a2b.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  store = await openDuckDbStore({ path: join(folder, 'store.duckdb') });
  await store.write(spanBatch(50));
  const facts = { receiver: () => ({ traces: 1 }), endpoints: () => ({ ui: 'here' }), version: '1.2.3' };
  options = { host: '127.0.0.1', port: 0, backend: store, facts, webRoot, report: (line) => reported.push(line) };
  api = await startQueryApi(options);
});

afterAll(async () => {
  await api.close();
  await store.close();
});

const errorOf = (body: string) => (JSON.parse(body) as { error: { code: string; message: string } }).error;

describe('the query API', () => {
  it('tells its status', async () => {
    const { status, headers, body } = await get('/api/v1/status');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body)).toMatchObject({
      status: { spans: 50 },
      receiver: { traces: 1 },
      endpoints: { ui: 'here' },
      version: '1.2.3',
    });
  });

  it.each([
    ['/api/v1/traces?limit=0', 'Invalid limit=0: a whole number from 1 to 1000 is allowed.'],
    ['/api/v1/traces?limit=', 'Invalid limit=: a number is allowed.'],
    ['/api/v1/traces?limit=1&limit=2', 'Invalid limit=1 and 2: it may be given once.'],
    ['/api/v1/traces?servce=web', 'Invalid servce=web: no such parameter; there are service,'],
    ['/api/v1/traces?attribute=novalue', 'Invalid attribute=novalue: attribute=key=value is allowed.'],
    ['/api/v1/traces?attribute==x', 'Invalid attribute==x:'],
    ['/api/v1/traces?status=bad', 'Invalid status=bad: allowed are unset, ok, error.'],
    ['/api/v1/traces/nothex', 'Invalid traceId=nothex: 32 hexadecimal digits are allowed.'],
    ['/api/v1/logs?minLevel=loud', 'Invalid minLevel=loud: allowed are trace, debug, info, warn, error, fatal.'],
    ['/api/v1/logs?startMs=5&endMs=4', 'Invalid endMs=4: a time not before startMs=5 is allowed.'],
    ['/api/v1/metrics/query', "Invalid name=: a metric's name is required."],
    ['/api/v1/metrics/query?name=x&quantile=2', 'Invalid quantile=2: a number from 0 to 1 is allowed.'],
    ['/api/v1/metrics/query?name=x&stepSeconds=0.5', 'Invalid stepSeconds=0.5: seconds from 1 to'],
    [`/api/v1/correlate/${'x'.repeat(200)}`, 'Invalid id='],
    ['/api/v1/status?x=1', 'Invalid x=1: no such parameter; there are none.'],
    ['/api/v1/%zz', 'The address cannot be read.'],
  ])('refuses %s', async (path, message) => {
    const { status, body } = await get(path);
    expect(errorOf(body)).toMatchObject({ code: 'INVALID_QUERY', message: expect.stringContaining(message) as string });
    expect(status).toBe(400);
  });

  it.each([
    [`/api/v1/traces/${'a'.repeat(32)}`, 404],
    ['/api/v1/metrics/query?name=none', 404],
    ['/api/v1/nothing', 404],
    ['/api/v1/traces/a/b', 404],
    ['/api/v2/traces', 404],
  ])('does not find %s', async (path, expected) => {
    const { status, body } = await get(path);
    expect(status).toBe(expected);
    expect(errorOf(body).code).toBe('NOT_FOUND');
  });

  it('answers HEAD like GET without a body, and no other method', async () => {
    const head = await get('/api/v1/services', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(Number(head.headers['content-length'])).toBeGreaterThan(10);
    expect(await get('/api/v1/services', { method: 'POST' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
  });

  it('compresses what is big for who takes it', async () => {
    expect(
      (await get('/api/v1/traces', { headers: { 'accept-encoding': 'br, gzip;q=0.8' } })).headers['content-encoding'],
    ).toBe('gzip');
    expect((await get('/api/v1/traces')).headers['content-encoding']).toBeUndefined();
    expect(
      (await get('/api/v1/traces', { headers: { 'accept-encoding': 'gzip;q=0' } })).headers['content-encoding'],
    ).toBeUndefined();
    expect(
      (await get('/api/v1/services', { headers: { 'accept-encoding': 'gzip' } })).headers['content-encoding'],
    ).toBeUndefined();
    const response = await fetch(`http://127.0.0.1:${api.port}/api/v1/traces`);
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(((await response.json()) as { traces: unknown[] }).traces).toHaveLength(20);
  });

  it.each(['evil.example', 'evil.example:4319', '127.0.0.1.evil.example', '10.0.0.1', 'localhost.evil.example'])(
    'refuses the host %s, which another machine may have',
    async (host) => {
      expect((await get('/api/v1/status', { headers: { host } })).status).toBe(403);
      expect((await get('/', { headers: { host } })).status).toBe(403);
    },
  );

  it.each(['localhost', 'LOCALHOST:4319', '127.0.0.1:1', '127.9.9.9', '[::1]:4319', 'app.localhost:4319'])(
    'answers to the host %s',
    async (host) => {
      expect((await get('/api/v1/status', { headers: { host } })).status).toBe(200);
    },
  );

  it('says that the store is closed, and nothing of an inner fault', async () => {
    const closed = await openDuckDbStore({ path: join(temporaryFolder(), 'store.duckdb') });
    await closed.close();
    const broken = { ...closed, services: () => Promise.reject(new Error('inner text')) };
    const other = await startQueryApi({ ...options, backend: broken });
    onTestFinished(() => other.close());
    const unusable = await get('/api/v1/traces', { port: other.port });
    expect(unusable.status).toBe(503);
    expect(errorOf(unusable.body).code).toBe('STORE_UNUSABLE');
    const fault = await get('/api/v1/services', { port: other.port });
    expect(fault.status).toBe(500);
    expect(fault.body).not.toContain('inner text');
    expect(reported.at(-1)).toContain('inner text');
  });
});

describe('the UI', () => {
  it('is served with its cache rules and security headers', async () => {
    const page = await get('/', { headers: { accept: 'text/html', 'accept-encoding': 'gzip' } });
    expect(page).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'content-encoding': 'gzip',
        'x-content-type-options': 'nosniff',
      },
    });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    const script = await get('/assets/app-1a2b.js');
    expect(script).toMatchObject({
      status: 200,
      body: 'export {};',
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
      },
    });
    expect(
      await get('/assets/app-1a2b.js', { headers: { 'if-none-match': String(script.headers['etag']) } }),
    ).toMatchObject({ status: 304, body: '' });
  });

  it('answers page addresses with the page, also those with a dot, and missing files with 404', async () => {
    const accept = { headers: { accept: 'text/html,*/*' } };
    expect((await get('/correlate/order.42', accept)).body).toContain('<!doctype html>');
    expect((await get('/traces', accept)).body).toContain('<!doctype html>');
    expect((await get('/assets/gone.js', accept)).status).toBe(404);
    expect((await get('/favicon.svg')).status).toBe(404);
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/%00',
    '//secret.txt',
    '/..%5csecret.txt',
  ])('stays below its folder for %s', async (path) => {
    const { status, body } = await get(path);
    expect(body).not.toContain('secret');
    expect(status).toBe(404);
  });

  it('can be absent', async () => {
    const other = await startQueryApi({ ...options, webRoot: undefined });
    onTestFinished(() => other.close());
    expect((await get('/', { port: other.port })).status).toBe(404);
    expect((await get('/api/v1/services', { port: other.port })).status).toBe(200);
  });
});

describe('beyond this machine', () => {
  const token = 'a-long-enough-token';

  it('does not start without a token, or with a short one', async () => {
    await expect(startQueryApi({ ...options, host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: expect.stringContaining('set a token') as string,
    });
    await expect(startQueryApi({ ...options, host: '0.0.0.0', token: 'short' })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: expect.stringContaining('16 characters') as string,
    });
  });

  it('answers only with the token: as a header, or brought once in the address and kept in a cookie', async () => {
    const other = await startQueryApi({ ...options, host: '0.0.0.0', token });
    onTestFinished(() => other.close());
    const { port } = other;
    expect(await get('/api/v1/services', { port })).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
    });
    expect((await get('/', { port })).status).toBe(401);
    expect(
      (await get('/api/v1/services', { port, headers: { authorization: 'Bearer wrong-but-long-enough' } })).status,
    ).toBe(401);
    expect(
      (await get('/api/v1/services', { port, headers: { authorization: `Bearer ${token}`, host: 'box.lan' } })).status,
    ).toBe(200);
    const entry = await get(`/traces?token=${token}&limit=5`, { port });
    expect(entry).toMatchObject({ status: 303, headers: { location: '/traces?limit=5' } });
    const [cookie = ''] = entry.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
    expect(
      (await get('/api/v1/services', { port, headers: { cookie: `a=b; ${cookie.split(';')[0] ?? ''}` } })).status,
    ).toBe(200);
  });
});
