import { Worker } from 'node:worker_threads';
import type { PendingRequest } from '../export/otlp-exporter.ts';

/** Longest that `process.exit()` is held up, milliseconds. */
const limitMs = 1000;

/**
 * Sends requests while `process.exit()` is under way, when nothing asynchronous runs in this thread any more: another
 * thread does it while this one waits, bounded. Costs a thread's start, so it is for what a flush could not take.
 */
export function sendSynchronously(requests: readonly PendingRequest[]): void {
  if (requests.length === 0) return;
  const done = new Int32Array(new SharedArrayBuffer(4));
  try {
    const worker = new Worker(workerCode, {
      eval: true,
      workerData: { requests, done, limitMs },
      // Neither this preload nor another one in the thread.
      execArgv: [],
      env: {},
    });
    worker.unref();
    worker.on('error', () => undefined);
    Atomics.wait(done, 0, 0, limitMs);
  } catch {
    // No thread can be started any more: what is left is lost with the process.
  }
}

const workerCode = `
const { workerData: { requests, done, limitMs } } = require('node:worker_threads');
const { gzipSync } = require('node:zlib');
let open = requests.length;
const finish = () => {
  open -= 1;
  if (open > 0) return;
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
};
for (const { url, headers, body, compression, tls } of requests) {
  const bytes = compression === 'gzip' ? gzipSync(body) : Buffer.from(body);
  const { request } = require(url.startsWith('https:') ? 'node:https' : 'node:http');
  const options = { method: 'POST', headers: { ...headers, 'content-length': bytes.length }, timeout: limitMs, ...tls };
  const outgoing = request(url, options, (response) => response.resume().on('close', finish));
  outgoing.on('error', finish).on('timeout', () => outgoing.destroy()).end(bytes);
}
`;
