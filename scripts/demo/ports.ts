import { once } from 'node:events';
import { createServer } from 'node:net';

export interface Ports {
  otlpHttp: number;
  otlpGrpc: number;
  ui: number;
  backend: number;
}

/** The ports that people find in the documentation; the command line asks the UI's unless told otherwise. */
export const usualPorts: Record<keyof Ports, { port: number; what: string }> = {
  otlpHttp: { port: 4318, what: 'OTLP/HTTP' },
  otlpGrpc: { port: 4317, what: 'OTLP/gRPC' },
  ui: { port: 4319, what: 'the UI' },
  backend: { port: 3000, what: 'the backend' },
};

/**
 * The usual ports, and 0 (the system gives a free one) for each that is taken; `say` gets a line for each of those.
 * @param any 0 for all
 */
export async function choosePorts(any: boolean, say: (line: string) => void): Promise<Ports> {
  const choose = async (name: keyof Ports) => {
    const { port, what } = usualPorts[name];
    if (any) return 0;
    if (await isFree(port)) return port;
    say(`Port ${port} (${what}) is taken: a free one is used instead.`);
    return 0;
  };
  return {
    otlpHttp: await choose('otlpHttp'),
    otlpGrpc: await choose('otlpGrpc'),
    ui: await choose('ui'),
    backend: await choose('backend'),
  };
}

/** Whether 127.0.0.1 has `port` free. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
