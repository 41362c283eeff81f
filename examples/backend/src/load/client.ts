/** Sends the requests of the load, some of them with a correlation ID as another service would. */
const REQUEST_TIMEOUT_MS = 10_000;
const SHARE_WITH_CORRELATION_ID = 0.3;

export interface Answer {
  /** 0 when the request was aborted or failed before an answer. */
  status: number;
  body: unknown;
}

export interface RequestOptions {
  body?: object;
  /** The client goes away after this time. */
  abortAfterMs?: number;
}

export interface LoadClient {
  send(method: 'GET' | 'POST', path: string, options?: RequestOptions): Promise<Answer>;
}

export function createLoadClient(baseUrl: string, random: () => number): LoadClient {
  const run = Math.floor(random() * 2 ** 32).toString(36);
  let sent = 0;

  return {
    async send(method, path, { body, abortAfterMs } = {}) {
      sent += 1;
      const headers: Record<string, string> = {};
      if (random() < SHARE_WITH_CORRELATION_ID) headers['x-correlation-id'] = `load-${run}-${sent}`;
      if (body) headers['content-type'] = 'application/json';
      try {
        const response = await fetch(new URL(path, baseUrl), {
          method,
          headers,
          signal: AbortSignal.timeout(abortAfterMs ?? REQUEST_TIMEOUT_MS),
          ...(body && { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        const json = response.headers.get('content-type')?.includes('json') === true;
        return { status: response.status, body: json ? JSON.parse(text) : text };
      } catch {
        return { status: 0, body: undefined };
      }
    },
  };
}
