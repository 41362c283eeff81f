import { join } from 'node:path';
import { expect, it } from 'vitest';
import { configurationReference } from './reference.ts';

it('docs/configuration.md is what the table says', async () => {
  const page = join(__dirname, '../../../../docs/configuration.md');
  await expect(configurationReference()).toMatchFileSnapshot(page);
});
