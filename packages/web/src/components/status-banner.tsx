import type { JSX } from 'preact';
import { getStatus } from '../api/client.ts';
import { useResource } from '../api/use-resource.ts';
import { formatCount } from '../format/number.ts';

const everyMs = 10_000;

/** One line below the header when the store has a problem or dropped records, so that nothing is lost in silence. */
export function StatusBanner(): JSX.Element | null {
  const { data, error } = useResource('status', getStatus, { everyMs });
  if (error !== undefined) {
    // The page says the same in its middle when it has nothing to show.
    return error.code === 'UNREACHABLE' ? (
      <p class="banner banner-error" role="status">
        {error.message} What is shown may be old.
      </p>
    ) : null;
  }
  if (data === undefined) return null;
  const dropped = Object.entries(data.status.dropped ?? {}).filter(([, count]) => count > 0);
  if (data.status.problem === '' && dropped.length === 0) return null;
  const total = dropped.reduce((sum, [, count]) => sum + count, 0);
  const reasons = dropped.map(([reason, count]) => `${reason.replaceAll('_', ' ')} ${formatCount(count)}`).join(', ');
  return (
    <p class={`banner ${data.status.problem === '' ? 'banner-warn' : 'banner-error'}`} role="status">
      {data.status.problem}
      {total > 0 && ` ${formatCount(total)} records were dropped since the start (${reasons}).`}
    </p>
  );
}
