import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { choosePorts, isFree } from './ports.ts';

it('knows a port that is taken from one that is free', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await isFree(port)).toBe(false);
  server.close();
  await once(server, 'close');
  expect(await isFree(port)).toBe(true);
});

it('takes any when told to', async () => {
  expect(await choosePorts(true, () => undefined)).toEqual({ otlpHttp: 0, otlpGrpc: 0, ui: 0, backend: 0 });
});
