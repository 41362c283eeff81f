import { readFileSync } from 'node:fs';

/** What detectors look at; nobody is asked over a network, so no start ever waits. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Content of a local file, trimmed; `undefined` when it cannot be read or is empty. */
  read(path: string): string | undefined;
}

/** The surroundings of this process. */
export const surroundings: Surroundings = {
  env: process.env,
  read(path) {
    try {
      return readFileSync(path, 'utf8').trim() || undefined;
    } catch {
      return undefined;
    }
  },
};

/** Attributes with the names of the semantic conventions; what is not known is `undefined`. */
export type Found = Readonly<Record<string, string | number | undefined>>;
