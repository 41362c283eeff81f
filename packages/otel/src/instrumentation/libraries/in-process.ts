import type * as DataLoader from '@opentelemetry/instrumentation-dataloader';
import type * as GenericPool from '@opentelemetry/instrumentation-generic-pool';
import type * as LruMemoizer from '@opentelemetry/instrumentation-lru-memoizer';
import type { LibraryEntry } from './entry.ts';

/** Libraries inside the process that wait, or that lose the context of their callers. */
export const inProcess: readonly LibraryEntry[] = [
  {
    name: 'dataloader',
    modules: ['dataloader'],
    create() {
      const { DataloaderInstrumentation } = require('@opentelemetry/instrumentation-dataloader') as typeof DataLoader;
      return new DataloaderInstrumentation({ requireParentSpan: true });
    },
  },
  {
    name: 'generic-pool',
    modules: ['generic-pool'],
    create() {
      const { GenericPoolInstrumentation } =
        require('@opentelemetry/instrumentation-generic-pool') as typeof GenericPool;
      return new GenericPoolInstrumentation();
    },
  },
  {
    name: 'lru-memoizer',
    modules: ['lru-memoizer'],
    create() {
      const { LruMemoizerInstrumentation } =
        require('@opentelemetry/instrumentation-lru-memoizer') as typeof LruMemoizer;
      return new LruMemoizerInstrumentation();
    },
  },
];
