/** `node --require @crmbet/otel dist/main.js` */
import { startBackend } from './backend.ts';
import { loadConfig } from './config.ts';
import { reasonOf } from './errors.ts';

/** What closing connections may take after the requests have ended. */
const CLOSING_SECONDS = 5;

async function main(): Promise<void> {
  const config = loadConfig();
  const backend = await startBackend(config);
  process.stdout.write(`listening on ${backend.port}\n`);

  let stopping = false;
  const stop = () => {
    // A second signal means that the first was not enough.
    if (stopping) process.exit(1);
    stopping = true;
    const limitSeconds = config.shutdownTimeoutSeconds + CLOSING_SECONDS;
    setTimeout(() => {
      console.error(`The backend did not stop within ${limitSeconds} s and is ended.`);
      process.exit(1);
    }, limitSeconds * 1000).unref();
    backend.close().catch((error: unknown) => {
      console.error('The backend did not stop cleanly:', error);
      process.exitCode = 1;
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  console.error(`The backend did not start: ${reasonOf(error)}`);
  process.exitCode = 1;
});
