import { join } from 'node:path';
import { describeBackend, temporaryFolder } from '@crmbet/testkit';
import { startQueryApi } from '../api/server.ts';
import { openDuckDbStore } from '../duckdb/open.ts';
import { createHttpBackend } from './http-backend.ts';

describeBackend('HTTP', async () => {
  const store = await openDuckDbStore({ path: join(temporaryFolder(), 'store.duckdb') });
  const facts = { receiver: () => ({}), endpoints: () => ({}), version: '0' };
  const api = await startQueryApi({ host: '127.0.0.1', port: 0, backend: store, facts, report: () => undefined });
  return {
    backend: createHttpBackend(`http://127.0.0.1:${api.port}`),
    writer: store,
    close: async () => {
      await api.close();
      await store.close();
    },
  };
});
