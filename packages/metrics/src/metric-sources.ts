import type { MetricSnapshot, MetricSource } from './snapshot.ts';

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SOURCE_TIMEOUT_MS = 2000;

export type DropReason = 'name_clash' | 'invalid' | 'source_failed' | 'source_timeout';
/** Told of everything that is left out of a page; `what` is a sentence for the warning. */
export type OnDrop = (reason: DropReason, key: string, what: string) => void;

/** Asks one source for its families; whatever goes wrong gives none, and says so. */
export async function collectSource(source: MetricSource, onDrop: OnDrop): Promise<readonly MetricSnapshot[]> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, SOURCE_TIMEOUT_MS, undefined).unref();
  });
  try {
    const families = await Promise.race([source.collect(), timeout]);
    if (Array.isArray(families)) return families;
    if (families !== undefined) throw new TypeError('collect() gave no array');
    const limit = `${SOURCE_TIMEOUT_MS / 1000} s`;
    onDrop('source_timeout', source.name, `The metrics of "${source.name}" did not come within ${limit}`);
  } catch (error) {
    onDrop('source_failed', source.name, `The metrics of "${source.name}" could not be read: ${String(error)}`);
  } finally {
    clearTimeout(timer);
  }
  return [];
}

/** Adds the families of `source` whose names are free to `page`, and claims those names. */
export function mergeFamilies(
  page: MetricSnapshot[],
  claimed: Set<string>,
  families: readonly MetricSnapshot[],
  source: MetricSource,
  onDrop: OnDrop,
): void {
  for (const given of families) {
    if (!isValid(given)) {
      onDrop('invalid', given.name, `Metric "${given.name}" of "${source.name}" has no Prometheus name or shape`);
      continue;
    }
    const family = complete(given, source);
    const names = claimedNames(family);
    if (names.some((name) => claimed.has(name))) {
      onDrop(
        'name_clash',
        family.name,
        `Metric "${family.name}" of "${source.name}" clashes with a metric of that name`,
      );
      continue;
    }
    for (const name of names) claimed.add(name);
    page.push(family);
  }
}

/** A source is other people's code: what would break the page for everyone is left out. */
function isValid(family: MetricSnapshot): boolean {
  if (!METRIC_NAME.test(family.name) || typeof family.help !== 'string' || !Array.isArray(family.series)) return false;
  return family.series.every(({ labels }) => Object.values(labels).every((value) => typeof value === 'string'));
}

/** Every family and sample name that a family takes in either format. */
export function claimedNames({ name, type }: Pick<MetricSnapshot, 'name' | 'type'>): string[] {
  if (type === 'counter') return [name, name.replace(/_total$/, '')];
  return type === 'gauge' ? [name] : [name, `${name}_bucket`, `${name}_sum`, `${name}_count`];
}

/**
 * OpenMetrics gives a counter's sample the ending `_total`, and both formats must show one name. A metric without help
 * is one that `promtool check metrics` complains about.
 */
function complete(family: MetricSnapshot, source: MetricSource): MetricSnapshot {
  const suffix = family.type !== 'counter' || family.name.endsWith('_total') ? '' : '_total';
  if (suffix === '' && family.help !== '') return family;
  return { ...family, name: family.name + suffix, help: family.help || `Metric of ${source.name}` };
}
