import { databases } from './databases.ts';
import type { LibraryEntry } from './entry.ts';
import { frameworks } from './frameworks.ts';
import { inProcess } from './in-process.ts';
import { loggers } from './loggers.ts';
import { remote } from './remote.ts';

/** The libraries that are instrumented beyond those that the CRM itself uses. */
export const libraryTable: readonly LibraryEntry[] = [...frameworks, ...loggers, ...databases, ...remote, ...inProcess];
