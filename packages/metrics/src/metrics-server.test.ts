import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { createMetricsCollector } from './collector.ts';
import { MetricsError } from './errors.ts';
import type { MetricsServer } from './metrics-server.ts';

let server: MetricsServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(): Promise<MetricsServer> {
  const collector = createMetricsCollector({ defaultMetrics: false });
  collector.trackDBConnection(3);
  server = await collector.startMetricsServer({ port: 0 });
  return server;
}

describe('startMetricsServer', () => {
  it('serves the text format on 127.0.0.1', async () => {
    const { url, host, port } = await start();
    expect(url).toBe(`http://127.0.0.1:${port}/metrics`);
    expect(host).toBe('127.0.0.1');
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toContain('db_connections_active 3\n');
  });

  it('serves OpenMetrics to who asks for it', async () => {
    const { url } = await start();
    const response = await fetch(url, { headers: { accept: 'application/openmetrics-text; version=1.0.0' } });
    expect(response.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(response.headers.get('vary')).toBe('Accept');
    expect(await response.text()).toMatch(/db_connections_active 3\n# EOF\n$/);
  });

  it('answers HEAD with the length and no page', async () => {
    const { url } = await start();
    const response = await fetch(url, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(50);
    expect(await response.text()).toBe('');
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('refuses %s', async (method) => {
    const { url } = await start();
    const response = await fetch(url, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });

  it('says where the metrics are to who asks for another path', async () => {
    const { url } = await start();
    const response = await fetch(new URL('/', url));
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('/metrics');
    expect((await fetch(`${url}?name[]=x`)).status).toBe(200);
  });

  it('names the port and what to set when the port is in use', async () => {
    const { port } = await start();
    const failure = createMetricsCollector({ defaultMetrics: false }).startMetricsServer({ port });
    await expect(failure).rejects.toBeInstanceOf(MetricsError);
    await expect(failure).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `Port ${port} on 127.0.0.1 is in use, so /metrics is not served. Set OTEL_EXPORTER_PROMETHEUS_PORT to a free port (0 takes any).`,
      cause: { code: 'EADDRINUSE' },
    });
  });

  it('gives the reason when it cannot listen', async () => {
    const failure = createMetricsCollector({ defaultMetrics: false }).startMetricsServer({
      host: '192.0.2.1',
      port: 0,
    });
    await expect(failure).rejects.toMatchObject({ code: 'LISTEN_FAILED', cause: { code: 'EADDRNOTAVAIL' } });
  });

  it.each([
    ['a port that is none', 70_000],
    ['text', 'x' as unknown as number],
  ])('gives the reason for %s', async (_name, port) => {
    const failure = createMetricsCollector({ defaultMetrics: false }).startMetricsServer({ port });
    await expect(failure).rejects.toMatchObject({ name: 'MetricsError', code: 'LISTEN_FAILED' });
  });

  it('keeps no process alive, even with a scraper connected', async () => {
    const program = `
      const { startMetricsServer } = require(${JSON.stringify(require.resolve('@crmbet/metrics'))});
      const net = require('node:net');
      startMetricsServer({ port: 0 }).then(({ port }) => {
        const client = net.connect(port, '127.0.0.1', () => {
          client.write('GET /metrics HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n');
          client.once('data', () => { client.unref(); console.log('alive by', process.getActiveResourcesInfo()); });
        });
      });`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--eval', program], { timeout: 20_000 });
    expect(stdout).toBe('alive by []\n');
  });
});

describe('metricsHandler', () => {
  it.each([
    ['Express', (handler: express.RequestHandler) => express().get('/metrics', handler).post('/metrics', handler)],
    ['plain http', (handler: express.RequestHandler) => handler as unknown as express.Express],
  ])('serves from %s', async (_name, mount) => {
    const collector = createMetricsCollector({ defaultMetrics: false });
    collector.trackDBConnection(3);
    const app = createServer(mount(collector.metricsHandler()));
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}/metrics`;
      expect(await (await fetch(url)).text()).toContain('db_connections_active 3\n');
      expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    } finally {
      app.closeAllConnections();
      await new Promise((resolve) => app.close(resolve));
    }
  });
});
