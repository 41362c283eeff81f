import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '@crmbet/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpBackend } from './http-backend/http-backend.ts';
import { startLocal } from './local.ts';

const PORTS = ['httpPort', 'grpcPort', 'uiPort'] as const;

async function occupiedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const path = () => join(temporaryFolder(), 'data', 'store.duckdb');

describe('startLocal', () => {
  it('receives, stores and answers, and gives everything back', async () => {
    const options = { path: path(), httpPort: 0, grpcPort: 0, uiPort: 0 };
    const local = await startLocal(options);
    const traceId = 'ab'.repeat(16);
    const now = `${BigInt(Date.now()) * 1_000_000n}`;
    const span = {
      traceId,
      spanId: 'cd'.repeat(8),
      name: 'GET /',
      startTimeUnixNano: now,
      endTimeUnixNano: now,
      attributes: [{ key: 'correlation.id', value: { stringValue: 'q-1' } }],
    };
    const sent = await fetch(`http://127.0.0.1:${local.httpPort}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
    });
    expect(sent.status).toBe(200);
    const backend = createHttpBackend(local.url);
    expect(await backend.correlate('q-1')).toMatchObject({ traceIds: [traceId], spanCount: 1 });
    const status = (await (await fetch(`${local.url}/api/v1/status`)).json()) as object;
    expect(status).toMatchObject({
      status: { spans: 1 },
      receiver: { http: { traces: { accepted: 1 } }, grpc: { traces: { accepted: 0 } } },
      endpoints: {
        http: `http://127.0.0.1:${local.httpPort}`,
        grpc: `http://127.0.0.1:${local.grpcPort}`,
        ui: local.url,
      },
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    });
    await Promise.all([local.close(), local.close()]);
    await expect(backend.services()).rejects.toMatchObject({ code: 'UNREACHABLE' });
    const again = await startLocal({
      ...options,
      httpPort: local.httpPort,
      grpcPort: local.grpcPort,
      uiPort: local.uiPort,
    });
    expect(await createHttpBackend(again.url).status()).toMatchObject({ spans: 1 });
    await again.close();
  });

  it.each(PORTS)('says in one line that %s is in use and what to set, and closes what it had started', async (name) => {
    const port = await occupiedPort();
    const options = { path: path(), httpPort: 0, grpcPort: 0, uiPort: 0 };
    const failure: unknown = await startLocal({ ...options, [name]: port }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringMatching(new RegExp(`${port}.*${name}`)) as string,
    });
    expect((failure as Error).message).not.toContain('\n');
    // The store's file and the other ports are free again.
    await (await startLocal(options)).close();
  });

  it('needs a token to be reached from other machines, and starts nothing without', async () => {
    const options = { path: path(), host: '0.0.0.0', httpPort: 0, grpcPort: 0, uiPort: 0 };
    await expect(startLocal(options)).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: expect.stringContaining('set a token') as string,
    });
    const local = await startLocal({ ...options, token: 'a-long-enough-token' });
    expect(local.url).toBe(`http://127.0.0.1:${local.uiPort}`);
    expect(await createHttpBackend(local.url, { token: 'a-long-enough-token' }).services()).toEqual([]);
    await local.close();
  });
});
