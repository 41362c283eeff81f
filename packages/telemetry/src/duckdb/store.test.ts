import { join } from 'node:path';
import { describeBackend, temporaryFolder } from '@crmbet/testkit';
import { openDuckDbStore } from './open.ts';

describeBackend('DuckDB', async () => {
  const store = await openDuckDbStore({ path: join(temporaryFolder(), 'store.duckdb') });
  return { backend: store, writer: store };
});
