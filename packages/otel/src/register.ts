/**
 * The preload: `node --require @crmbet/otel app.js`, `node --import @crmbet/otel app.mjs`. It must parse on every
 * Node.js that somebody may start it with, so it loads the rest only where that runs.
 *
 * Worker threads inherit the preload. They are left alone: their work belongs to the process, whose main thread has the
 * exporters and the metrics page. A worker that wants telemetry of its own calls `start()` of `@crmbet/otel/sdk`.
 */
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import type * as Sdk from './index.ts';

const oldest = [22, 15] as const;

function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

if (isMainThread) {
  if (isSupported(process.versions.node)) {
    const { start } = require('./index.js') as typeof Sdk;
    start();
  } else {
    const line = `crmbet-otel: needs Node.js ${oldest.join('.')} or newer, this is ${process.versions.node}; the application runs without telemetry\n`;
    try {
      writeSync(2, line);
    } catch {
      // Standard error is closed.
    }
  }
}
