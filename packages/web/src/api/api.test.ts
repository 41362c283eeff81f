import { afterEach, describe, expect, it, vi } from 'vitest';
import { findTraces, getTrace } from './client.ts';
import { toSearch } from './search-params.ts';

describe('toSearch', () => {
  it('repeats maps as key=value, joins lists and leaves out what is not set', () => {
    expect(toSearch({ service: 'a b', attributes: { 'http.route': '/x?y=1', n: '2' }, limit: 5, operation: '' })).toBe(
      '?service=a+b&attribute=http.route%3D%2Fx%3Fy%3D1&attribute=n%3D2&limit=5',
    );
    expect(toSearch({ name: 'm', groupBy: ['a', 'b'], labels: { c: 'd' } })).toBe('?name=m&groupBy=a%2Cb&label=c%3Dd');
    expect(toSearch({ name: 'm', groupBy: [] })).toBe('?name=m&groupBy=');
    expect(toSearch({})).toBe('');
  });
});

describe('client', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });
  const { signal } = new AbortController();

  it('turns the error body of the API into a sentence and a code', async () => {
    vi.stubGlobal('fetch', () =>
      Promise.resolve(
        Response.json({ error: { code: 'INVALID_QUERY', message: 'limit must be 1 to 1000.' } }, { status: 400 }),
      ),
    );
    await expect(findTraces({}, signal)).rejects.toMatchObject({
      code: 'INVALID_QUERY',
      message: 'limit must be 1 to 1000.',
    });
  });

  it('says so when nothing answers, and when the answer is no JSON', async () => {
    vi.stubGlobal('window', { location: { origin: 'http://127.0.0.1:4319' } });
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(getTrace('x', signal)).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: 'Nothing answers at http://127.0.0.1:4319. Is crmbet-otel up still running?',
    });
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('<html>', { status: 200 })));
    await expect(getTrace('x', signal)).rejects.toMatchObject({ code: 'UNREADABLE' });
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 503, statusText: 'Service Unavailable' })));
    await expect(getTrace('x', signal)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'The query API answered 503 Service Unavailable',
    });
  });
});
