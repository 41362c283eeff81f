import { readdirSync, readFileSync } from 'node:fs';

/**
 * What Linux says about this process; `undefined` where it says nothing. Reading /proc is no disk access: the kernel
 * answers from memory, so the synchronous calls do not block on a device.
 */
export interface ProcessReadings {
  residentBytes: number | undefined;
  virtualBytes: number | undefined;
  heapBytes: number | undefined;
  openFds: number | undefined;
}

export function readProcess(): ProcessReadings {
  const status = readText('/proc/self/status');
  return {
    residentBytes: kilobytes(status, 'VmRSS') ?? process.memoryUsage.rss(),
    virtualBytes: kilobytes(status, 'VmSize'),
    heapBytes: kilobytes(status, 'VmData'),
    openFds: countOpenFds(),
  };
}

/** The soft limit of open files, read once: it does not change unless somebody calls prlimit. */
export function readMaxFds(): number | undefined {
  const limit = /^Max open files\s+(\d+|unlimited)/m.exec(readText('/proc/self/limits'))?.[1];
  return limit === undefined || limit === 'unlimited' ? undefined : Number(limit);
}

function kilobytes(status: string, key: string): number | undefined {
  const value = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  return value === undefined ? undefined : Number(value) * 1024;
}

function countOpenFds(): number | undefined {
  try {
    // One of them is the directory itself, open only while it is read.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return undefined;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
