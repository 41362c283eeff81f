import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

type Decompress = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

/** By `Content-Encoding`. The protocol asks for gzip; the others cost nothing. */
export const decompressors: ReadonlyMap<string, Decompress> = new Map<string, Decompress>([
  ['identity', (body) => Promise.resolve(body)],
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/** What came of decompressing: the bytes, or why not. */
export type Decompressed = { body: Buffer } | { problem: 'too large' } | { problem: 'invalid'; reason: string };

/**
 * Decompresses one body after the other: a kilobyte can become 20 MiB, so many at once could fill the memory before
 * anybody knows their size.
 */
export class DecompressQueue {
  private last: Promise<unknown> = Promise.resolve();

  /** @param maxBytes of the decompressed body */
  run(compression: string, body: Buffer, maxBytes: number): Promise<Decompressed> {
    const work = decompressors.get(compression);
    if (work === undefined || compression === 'identity') return Promise.resolve({ body });
    const result = this.last.then(() => decompress(work, body, maxBytes));
    this.last = result;
    return result;
  }
}

async function decompress(work: Decompress, body: Buffer, maxOutputLength: number): Promise<Decompressed> {
  try {
    return { body: await work(body, { maxOutputLength }) };
  } catch (error) {
    if (error instanceof RangeError) return { problem: 'too large' };
    return { problem: 'invalid', reason: error instanceof Error ? error.message : String(error) };
  }
}
