import { join } from 'node:path';
import { type Child, startChild } from './child.ts';
import { installApplication } from './install.ts';

/** The processes that every run uses, and the application's file. */
export interface Stage {
  readonly application: string;
  readonly sink: Child;
  readonly sinkUrl: string;
  readonly client: Child;
}

/** Installs the application, starts the sink and the client, and ends them when the work is done or failed. */
export async function withStage(work: (stage: Stage) => Promise<void>): Promise<void> {
  const application = installApplication();
  const sink = startChild({ file: join(import.meta.dirname, 'sink.ts') });
  const client = startChild({ file: join(import.meta.dirname, 'client.ts') });
  try {
    const { url: sinkUrl } = await sink.next<{ url: string }>();
    await work({ application, sink, sinkUrl, client });
  } finally {
    await sink.kill();
    await client.kill();
  }
}
