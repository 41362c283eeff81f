import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProcessReport } from './report.ts';

/** Time between two looks, milliseconds. */
const intervalMs = 250;

/** Collects the files of all modules that are loaded from now on, ES modules too. */
export function watchLoading(seen: Set<string>): void {
  registerHooks({
    load(url, context, next) {
      if (url.startsWith('file:')) seen.add(fileURLToPath(url));
      return next(url, context);
    },
  });
}

/** Keeps the report in `folder`, as `<process ID>.json`, up to date until the process ends. A folder that cannot be written to changes nothing. */
export function keepReport(folder: string, create: () => ProcessReport): void {
  let last = '';
  const write = () => {
    try {
      const text = JSON.stringify(create());
      if (text === last) return;
      last = text;
      mkdirSync(folder, { recursive: true });
      const file = join(folder, `${process.pid}.json`);
      writeFileSync(`${file}.part`, text);
      renameSync(`${file}.part`, file);
    } catch {
      // Whoever asked sees that there is no report.
    }
  };
  setInterval(write, intervalMs).unref();
  process.on('exit', write);
  setImmediate(write).unref();
}
