import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

export interface Ports {
  otlpHttp: number;
  otlpGrpc: number;
  ui: number;
  backend: number;
}

const usual: Record<keyof Ports, { port: number; what: string }> = {
  otlpHttp: { port: 4318, what: 'OTLP/HTTP' },
  otlpGrpc: { port: 4317, what: 'OTLP/gRPC' },
  ui: { port: 4319, what: 'the UI' },
  backend: { port: 3000, what: 'the backend' },
};

/**
 * The usual ports, and a free one for each that is taken; `say` gets a line for each of those.
 * @param any take free ones for all
 */
export async function choosePorts(any: boolean, say: (line: string) => void): Promise<Ports> {
  const choose = async (name: keyof Ports) => {
    const { port, what } = usual[name];
    const chosen = (any ? undefined : await tryPort(port)) ?? (await tryPort(0)) ?? 0;
    if (!any && chosen !== port) say(`Port ${port} (${what}) is taken: using ${chosen} instead.`);
    return chosen;
  };
  return {
    otlpHttp: await choose('otlpHttp'),
    otlpGrpc: await choose('otlpGrpc'),
    ui: await choose('ui'),
    backend: await choose('backend'),
  };
}

/** `port`, or for 0 a free one, if 127.0.0.1 has it free. */
async function tryPort(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
