import { expect, it } from 'vitest';
import { renderReference } from './reference.ts';

it('docs/metrics.md is current', async () => {
  await expect(renderReference()).toMatchFileSnapshot('../../../docs/metrics.md');
});
