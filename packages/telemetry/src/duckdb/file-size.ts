import { stat } from 'node:fs/promises';

/** Bytes of a file; 0 when it is not there. */
export async function fileSize(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
