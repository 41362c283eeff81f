import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { freePort } from '@crmbet/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpBackend } from './http-backend.ts';

async function serve(
  status: number,
  body: string,
  delayMs = 0,
): Promise<{ url: string; asked: { url?: string; authorization?: string }[] }> {
  const asked: { url?: string; authorization?: string }[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', authorization: request.headers.authorization ?? '' });
    setTimeout(() => response.writeHead(status).end(body), delayMs);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const unreachable = (message: RegExp) => ({ code: 'UNREACHABLE', message: expect.stringMatching(message) as string });

describe('a query API', () => {
  it('that is not there is named', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(createHttpBackend(url).services()).rejects.toMatchObject(
      unreachable(new RegExp(`^Nothing answers at ${url}\\. Is crmbet-otel up running there\\?$`)),
    );
  });

  it('that does not answer in time is named', async () => {
    const { url } = await serve(200, '{}', 60_000);
    await expect(createHttpBackend(url, { timeoutMs: 50 }).services()).rejects.toMatchObject(
      unreachable(/^Nothing answered within 50 ms/),
    );
  });

  it.each([
    [200, '<html>'],
    [500, 'oops'],
    [404, '{"message":"not mine"}'],
  ])('that is something else (%i %s) is told', async (status, body) => {
    const { url } = await serve(status, body);
    await expect(createHttpBackend(url).services()).rejects.toMatchObject(
      unreachable(/is no query API of crmbet-otel/),
    );
  });

  it('that wants a token is told, and gets it', async () => {
    const { url, asked } = await serve(401, '{"error":{"code":"UNAUTHORIZED","message":"A token is needed."}}');
    await expect(createHttpBackend(`${url}/below`, { token: 'secret' }).services({ startMs: 5 })).rejects.toMatchObject(
      unreachable(/refused \(status 401\): A token is needed\./),
    );
    expect(asked).toEqual([{ url: '/below/api/v1/services?startMs=5', authorization: 'Bearer secret' }]);
  });

  it('passes on what the store says', async () => {
    const { url } = await serve(503, '{"error":{"code":"QUERY_TIMEOUT","message":"Too slow."}}');
    await expect(createHttpBackend(url).services()).rejects.toMatchObject({
      code: 'QUERY_TIMEOUT',
      message: 'Too slow.',
    });
  });

  it.each(['', 'localhost:4319', 'ftp://x'])('needs an address, not %j', (url) => {
    expect(() => createHttpBackend(url)).toThrow(/is no address of a query API/);
  });
});
