import type { TelemetryBackend } from '@crmbet/telemetry';
import type { Child } from './processes.ts';

const INTERVAL_MS = 1000;
/** Without a terminal, a line now and then is enough. */
const LINES_BETWEEN = 10;

/** The terminal shows `^C` behind the line; in the next line it could not be taken away again. */
const ROOM_FOR_CTRL_C = 3;

interface LoadProgress {
  elapsedSeconds: number;
  requests: number;
  serverErrors: number;
}

/** Shows what the load does and what is stored, once a second, until the returned function is called. */
export function showStatus(load: Child, telemetry: TelemetryBackend): () => void {
  let progress: LoadProgress = { elapsedSeconds: 0, requests: 0, serverErrors: 0 };
  let shown = 0;
  let isHidden = false;
  load.onMessage((message) => {
    progress = message as LoadProgress;
  });
  const show = async () => {
    const stored = await telemetry.status();
    if (isHidden) return;
    const { elapsedSeconds, requests, serverErrors } = progress;
    const line =
      `${elapsedSeconds.toFixed(0)} s: ${requests} requests, ${serverErrors} server errors; ` +
      `stored ${stored.spans} spans, ${stored.logs} log lines, ${stored.metricPoints} metric points`;
    if (process.stdout.isTTY)
      process.stdout.write(`\r${line.slice(0, widthOf(process.stdout) - ROOM_FOR_CTRL_C)}\u001B[K`);
    else if (shown % LINES_BETWEEN === 0) process.stdout.write(`${line}\n`);
    shown += 1;
  };
  // A status that cannot be read now can be read in a second; a receiver that died is told of elsewhere.
  const timer = setInterval(() => void show().catch(() => undefined), INTERVAL_MS);
  return () => {
    isHidden = true;
    clearInterval(timer);
    if (process.stdout.isTTY) process.stdout.write('\r\u001B[K');
  };
}

/** In characters; a terminal that does not know says 0. */
function widthOf(terminal: { columns?: number }): number {
  return terminal.columns || 80;
}
