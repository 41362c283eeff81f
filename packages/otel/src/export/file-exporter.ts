import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ExportResultCode } from '@opentelemetry/core';
import type { ISerializer } from '@opentelemetry/otlp-transformer';
import type { Settings } from '../config/read.ts';
import { OtelError } from '../errors.ts';
import type { Reporter } from '../report/reporter.ts';
import type { BatchExporter } from './batch-queue.ts';
import type { Signal } from './otlp-target.ts';

/**
 * OTLP as JSON, one request a line (specification, "OpenTelemetry Protocol File Exporter"). A batch is written in one
 * call, so that lines of several processes do not mix, and synchronously, so that nothing is half written at
 * `process.exit()`. The file before the last is given up when the size is reached.
 */
export function createFileExporter<T>(
  signal: Signal,
  { path, maxSizeBytes }: Settings['file'],
  serializer: ISerializer<T[], unknown>,
  reporter: Reporter,
): BatchExporter<T> {
  // The application may change its working directory later.
  const file = resolve((path ?? '').replaceAll('{signal}', signal).replaceAll('{pid}', String(process.pid)));
  return {
    export(items, done) {
      try {
        const body = serializer.serializeRequest(items);
        if (body !== undefined) append(file, Buffer.concat([body, Buffer.from('\n')]), maxSizeBytes);
        done({ code: ExportResultCode.SUCCESS });
      } catch (error) {
        const reason = (error as Error).message;
        reporter.sayOnce(`file ${file}`, `${signal} cannot be written to ${file} (${reason}): they are dropped`);
        done({ code: ExportResultCode.FAILED, error: new OtelError('NOT_DELIVERED', reason, { cause: error }) });
      }
    },
    shutdown: async () => undefined,
  };
}

function append(file: string, line: Uint8Array, maxSizeBytes: number): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) mkdirSync(dirname(file), { recursive: true });
  else if (size > 0 && size + line.length > maxSizeBytes) renameSync(file, `${file}.1`);
  appendFileSync(file, line, { mode: 0o600 });
}
