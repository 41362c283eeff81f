/** `node dist/load/main.js --url http://127.0.0.1:3000 --rate 20 --duration 60` */
import { LOAD_USAGE, parseLoadOptions } from './options.ts';
import { runLoad } from './runner.ts';
import { countRequests, formatSummary, type LoadProgress } from './statistics.ts';

function show(progress: LoadProgress): void {
  // A parent that started this with an IPC channel shows the progress itself.
  if (process.connected) process.send?.(progress);
  if (!process.stdout.isTTY) return;
  const { elapsedSeconds, requests, serverErrors, inFlight } = progress;
  const line = `${elapsedSeconds.toFixed(0)} s  ${requests} requests  ${serverErrors} server errors  ${inFlight} in flight`;
  process.stdout.write(`\r${line}\u001B[K`);
}

async function main(): Promise<void> {
  const options = parseLoadOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(LOAD_USAGE);
    return;
  }
  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort());
  process.on('SIGTERM', () => stop.abort());
  const { statistics, progress } = await runLoad({ ...options, signal: stop.signal, onProgress: show });
  if (process.stdout.isTTY) process.stdout.write('\r\u001B[K');
  process.stdout.write(formatSummary(statistics, progress));
  if (progress.requests > 0 && countRequests(statistics, (status) => status > 0) === 0) {
    console.error(`load: ${options.url} answered no request: is the backend running there?`);
    process.exitCode = 1;
  }
}

main().catch((error: unknown) => {
  console.error(`load: ${error instanceof Error ? error.message : String(error)}\n\n${LOAD_USAGE}`);
  process.exitCode = 1;
});
