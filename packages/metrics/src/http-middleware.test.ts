import { createServer, request as httpRequest } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Express, NextFunction, Request, Response } from 'express';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMetricsCollector } from './collector.ts';
import type { MetricsCollector } from './collector.ts';
import { claimHttpRequest } from './http-metrics.ts';

let server: Server | undefined;

async function listen(handler: RequestListener): Promise<string> {
  const started = createServer(handler);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise<unknown>((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
});

function create(): MetricsCollector {
  return createMetricsCollector({ defaultMetrics: false });
}

/** `METHOD route status` of each series, with how often it was counted. */
function counted(collector: MetricsCollector): Record<string, number> {
  const family = collector.snapshot().find(({ name }) => name === 'http_requests_total');
  const series = family?.type === 'counter' ? family.series : [];
  return Object.fromEntries(
    series.map(({ labels, value }) => [`${labels['method']} ${labels['route']} ${labels['status_code']}`, value]),
  );
}

/** What was counted once it is `requests` requests. */
async function countedAfter(collector: MetricsCollector, requests: number): Promise<Record<string, number>> {
  const total = (): number => Object.values(counted(collector)).reduce((sum, value) => sum + value, 0);
  await vi.waitUntil(() => total() >= requests, { timeout: 5000 });
  return counted(collector);
}

const ok = (_request: Request, response: Response): void => void response.send('ok');

/** An application as real ones are: nested routers with parameters in mount paths, errors, files, another application. */
function build(collector: MetricsCollector): Express {
  const app = express();
  app.use(collector.httpMetricsMiddleware());
  app.get('/', ok);

  const orders = express.Router();
  orders.get('/', ok);
  orders.get('/:orderId', ok);
  orders.post('/:orderId/items', (_request, response) => void response.status(201).send('made'));
  orders.get('/:orderId/fail', () => {
    throw new Error('broken');
  });
  const users = express.Router();
  users.get('/:id', ok);
  users.use('/:userId/orders', orders);
  app.use('/api/:version/users', users);

  app.use('/:tenant/users', express.Router().get('/list', ok));
  app.use('/files/*path', (_request, response) => void response.send('file'));
  app.use('/flights/:from-:to', express.Router().get('/seats', ok));
  app.use('/tags/:tag/x%20y-z', express.Router().get('/', ok));
  app.use('/static', (request, response, next) => (request.path === '/a.css' ? response.send('css') : next()));
  app.get(/^\/match\/(\d+)$/, ok);
  app.get(['/one', '/two'], ok);
  app.all('/guarded/*rest', (_request, _response, next) => next());
  app.get('/guarded/page/:name', ok);

  const admin = express();
  admin.get('/reports/:year', ok);
  app.use('/admin', admin);

  app.use((_error: Error, _request: Request, response: Response, _next: NextFunction) => {
    response.status(500).send('failed');
  });
  return app;
}

describe('httpMetricsMiddleware in Express', () => {
  it.each([
    ['GET', '/', 'GET / 200'],
    ['GET', '/?a=1', 'GET / 200'],
    ['GET', '/api/v2/users/42', 'GET /api/:version/users/:id 200'],
    ['GET', '/api/v2/users/42/orders', 'GET /api/:version/users/:userId/orders 200'],
    ['GET', '/api/v2/users/42/orders/7', 'GET /api/:version/users/:userId/orders/:orderId 200'],
    ['POST', '/api/v2/users/42/orders/7/items', 'POST /api/:version/users/:userId/orders/:orderId/items 201'],
    ['GET', '/api/v2/users/a%20b%2Fc/orders/7', 'GET /api/:version/users/:userId/orders/:orderId 200'],
    ['GET', '/api/v2/users/42/orders/7/fail', 'GET /api/:version/users/:userId/orders/:orderId/fail 500'],
    ['GET', '/API/v2/Users/42', 'GET /api/:version/users/:id 200'],
    ['GET', '/api/api/users/users', 'GET /api/:version/users/:id 200'],
    ['GET', '/acme/users/list', 'GET /:tenant/users/list 200'],
    ['GET', '/files/a/b/c.txt', 'GET /files/*path 200'],
    ['GET', '/flights/GRU-LIS/seats', 'GET /flights/:from-:to/seats 200'],
    ['GET', '/tags/x%20y/x%20y-z', 'GET /tags/:tag/x%20y-z 200'],
    ['GET', '/static/a.css', 'GET /static 200'],
    ['GET', '/static/b.css', 'GET unmatched 404'],
    ['GET', '/match/12', String.raw`GET /^\/match\/(\d+)$/ 200`],
    ['GET', '/two', 'GET /one|/two 200'],
    ['GET', '/guarded/page/x', 'GET /guarded/page/:name 200'],
    ['GET', '/admin/reports/2026', 'GET /admin/reports/:year 200'],
    ['GET', '/nowhere/1', 'GET unmatched 404'],
    ['DELETE', '/', 'DELETE unmatched 404'],
  ])('%s %s is counted as %s', async (method, path, expected) => {
    const collector = create();
    const app = build(collector);
    const url = await listen(app);
    // Learns the spelling of the paths before a client can make up its own.
    await (await fetch(`${url}/api/v1/users/1`)).text();
    expect(await countedAfter(collector, 1)).toEqual({ 'GET /api/:version/users/:id 200': 1 });
    await (await fetch(url + path, { method })).text();
    const first = 'GET /api/:version/users/:id 200';
    expect(await countedAfter(collector, 2)).toEqual(
      expected === first ? { [first]: 2 } : { [first]: 1, [expected]: 1 },
    );
  });

  it('does not disturb what the handlers see', async () => {
    const collector = create();
    const app = express();
    app.use(collector.httpMetricsMiddleware());
    const inner = express.Router({ mergeParams: true });
    inner.get('/:b', (request, response) => {
      const { baseUrl, params, url, route } = request;
      response.json({
        baseUrl,
        params,
        url,
        path: (route as { path: string }).path,
        own: Object.keys(request).includes('baseUrl'),
      });
    });
    app.use('/x/:a', inner);
    const url = await listen(app);
    expect(await (await fetch(`${url}/x/1/2?q`)).json()).toEqual({
      baseUrl: '/x/1',
      params: { a: '1', b: '2' },
      url: '/2?q',
      path: '/:b',
      own: true,
    });
  });

  it('observes the time in seconds', async () => {
    const collector = create();
    const app = express();
    app.use(collector.httpMetricsMiddleware());
    app.get('/slow', (_request, response) => void setTimeout(() => response.send('ok'), 60));
    const url = await listen(app);
    await (await fetch(`${url}/slow`)).text();
    expect(await countedAfter(collector, 1)).toEqual({ 'GET /slow 200': 1 });
    const family = collector.snapshot().find(({ name }) => name === 'http_request_duration_seconds');
    const sum = family?.type === 'histogram' ? (family.series[0]?.sum ?? 0) : 0;
    expect(sum).toBeGreaterThan(0.05);
    expect(sum).toBeLessThan(5);
  });

  it('counts a request that the client aborted as 499', async () => {
    const collector = create();
    const app = express();
    app.use(collector.httpMetricsMiddleware());
    const reached = new Promise<void>((resolve) => {
      app.get('/wait/:id', () => resolve());
    });
    const url = await listen(app);
    const client = httpRequest(`${url}/wait/1`);
    client.on('error', () => undefined);
    client.end();
    await reached;
    client.destroy();
    expect(await countedAfter(collector, 1)).toEqual({ 'GET /wait/:id 499': 1 });
  });

  it('counts a request once, whoever claims it first', async () => {
    const collector = create();
    const app = express();
    const claims: boolean[] = [];
    app.use((request, _response, next) => {
      if (request.url === '/preloaded') claims.push(claimHttpRequest(request), claimHttpRequest(request));
      next();
    });
    app.use(collector.httpMetricsMiddleware());
    app.get(['/preloaded', '/other'], ok);
    const url = await listen(app);
    await (await fetch(`${url}/preloaded`)).text();
    expect(claims).toEqual([true, false]);
    await (await fetch(`${url}/other`)).text();
    expect(await countedAfter(collector, 1)).toEqual({ 'GET /preloaded|/other 200': 1 });
  });

  it('counts a request once where the middleware is installed twice', async () => {
    const collector = create();
    const app = express();
    app.use(collector.httpMetricsMiddleware());
    app.use('/a', collector.httpMetricsMiddleware(), express.Router().get('/b', ok));
    const url = await listen(app);
    await (await fetch(`${url}/a/b`)).text();
    expect(await countedAfter(collector, 1)).toEqual({ 'GET /a/b 200': 1 });
  });

  it('keeps the routes bounded when a client varies the case of a mount path', async () => {
    const collector = create();
    const url = await listen(build(collector));
    for (const path of ['/static/a.css', '/Static/a.css', '/STATIC/a.css', '/sTaTiC/a.css']) {
      await (await fetch(url + path)).text();
    }
    expect(await countedAfter(collector, 4)).toEqual({ 'GET /static 200': 4 });
  });
});

describe('httpMetricsMiddleware without Express', () => {
  it('counts by method and status, with no route', async () => {
    const collector = create();
    const count = collector.httpMetricsMiddleware();
    const url = await listen((request, response) => count(request, response, () => response.writeHead(204).end()));
    await (await fetch(`${url}/anything/1`)).text();
    expect(await countedAfter(collector, 1)).toEqual({ 'GET unmatched 204': 1 });
  });
});
