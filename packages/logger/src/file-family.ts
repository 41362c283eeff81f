import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The names of one log file's generations, as winston-daily-rotate-file gives them: `application-2026-11-22.log`, then
 * `application-2026-11-22.log.1`, …, each with `.gz` once compressed. A family without days is `exceptions.log`, `.1`, ….
 */
export interface FileFamily {
  directory: string;
  /** `application-%DATE%.log`; `%DATE%` is the local day. */
  pattern: string;
}

/** One generation on disk. */
export interface Generation {
  name: string;
  path: string;
  day: string;
  index: number;
  compressed: boolean;
}

const DAY_PLACEHOLDER = '%DATE%';
const DAY_PATTERN = String.raw`(\d{4}-\d{2}-\d{2})`;

/** Local day `YYYY-MM-DD` of `timeMs`, and when the next one begins (both milliseconds since the Unix epoch). */
export function localDay(timeMs: number): { day: string; endsAtMs: number } {
  const time = new Date(timeMs);
  const year = String(time.getFullYear()).padStart(4, '0');
  const month = String(time.getMonth() + 1).padStart(2, '0');
  const date = String(time.getDate()).padStart(2, '0');
  const next = new Date(time.getFullYear(), time.getMonth(), time.getDate() + 1);
  return { day: `${year}-${month}-${date}`, endsAtMs: next.getTime() };
}

/** Path of the generation `index` of `day`; 0 is the one without a number. */
export function generationPath(family: FileFamily, day: string, index: number): string {
  const base = family.pattern.replace(DAY_PLACEHOLDER, day);
  return join(family.directory, index === 0 ? base : `${base}.${index}`);
}

/** Every generation on disk. @throws the file system's error */
export function listGenerations(family: FileFamily): Generation[] {
  const expression = familyExpression(family.pattern);
  const dated = family.pattern.includes(DAY_PLACEHOLDER);
  return readdirSync(family.directory).flatMap((name) => {
    const match = expression.exec(name);
    if (match === null) return [];
    const [, ...groups] = match;
    const day = dated ? (groups.shift() ?? '') : '';
    const [index, gz] = groups;
    const path = join(family.directory, name);
    return [{ name, path, day, index: Number(index ?? 0), compressed: gz !== undefined }];
  });
}

/** The generation of `day` to append to: the newest one if it is open to more, else the next. @throws the file system's error */
export function currentGeneration(family: FileFamily, day: string, maxSizeBytes: number): string {
  const dated = family.pattern.includes(DAY_PLACEHOLDER);
  let newest: Generation | undefined;
  for (const generation of listGenerations(family)) {
    if (dated && generation.day !== day) continue;
    if (newest === undefined || generation.index > newest.index) newest = generation;
    else if (generation.index === newest.index && generation.compressed) newest = generation;
  }
  if (newest === undefined) return generationPath(family, day, 0);
  const full = newest.compressed || statSync(newest.path).size >= maxSizeBytes;
  return generationPath(family, day, full ? newest.index + 1 : newest.index);
}

function familyExpression(pattern: string): RegExp {
  const literal = pattern.split(DAY_PLACEHOLDER).map((part) => part.replaceAll(/[^\w-]/g, String.raw`\$&`));
  return new RegExp(String.raw`^${literal.join(DAY_PATTERN)}(?:\.(\d+))?(\.gz)?$`);
}
