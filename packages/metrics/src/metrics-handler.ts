import type { IncomingMessage, ServerResponse } from 'node:http';
import { negotiateFormat } from './negotiate.ts';
import type { Registry } from './registry.ts';
import { CONTENT_TYPES, render } from './render.ts';

/** Answers a request with the metrics; a handler for Express and for a plain `http` server. */
export type MetricsHandler = (request: IncomingMessage, response: ServerResponse) => void;

export function createMetricsHandler(registry: Registry): MetricsHandler {
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD', 'Content-Type': 'text/plain; charset=utf-8' });
      response.end('Only GET and HEAD are allowed.\n');
      return;
    }
    void answer(registry, request, response);
  };
}

async function answer(registry: Registry, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const format = negotiateFormat(request.headers.accept);
    const page = Buffer.from(render(await registry.gather(), format), 'utf8');
    response.writeHead(200, {
      'Content-Type': CONTENT_TYPES[format],
      'Content-Length': page.length,
      'Cache-Control': 'no-store',
      Vary: 'Accept',
    });
    // Node.js leaves the body out of an answer to HEAD.
    response.end(page);
  } catch (error) {
    if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end(`The metrics could not be rendered: ${String(error)}\n`);
  }
}
