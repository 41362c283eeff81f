const suffixes = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** Four digits; from 10,000 on with a suffix: `12.34k`, `5M`. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  const [factor, suffix] = (size >= 10_000 && suffixes.find(([least]) => size >= least)) || [1, ''];
  return `${Number((value / factor).toPrecision(4))}${suffix}`;
}
