/** `node --require @crmbet/otel dist/main.js` */
import { startBackend } from './backend.ts';
import { loadConfig } from './config.ts';

async function main(): Promise<void> {
  const backend = await startBackend(loadConfig());
  process.stdout.write(`listening on ${backend.port}\n`);

  let stopping = false;
  const stop = () => {
    // A second signal means that the first was not enough.
    if (stopping) process.exit(1);
    stopping = true;
    backend.close().catch((error: unknown) => {
      console.error('The backend did not stop cleanly:', error);
      process.exitCode = 1;
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? `The backend did not start: ${error.message}` : error);
  process.exitCode = 1;
});
