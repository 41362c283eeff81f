import type { Finding } from './check.ts';

/** What was found, one block a request: signal, count, names. */
export function formatFindings(findings: readonly Finding[]): string {
  return findings.map(formatFinding).join('\n');
}

function formatFinding({ correlationId, madeBy, traceIds, spans, logs, metrics, missing }: Finding): string {
  const rows = [
    ['traces', String(traceIds.length), traceIds.join(', ')],
    ['spans', String(spans.length), list(spans)],
    ['log lines', String(logs.length), list(logs)],
    ['metrics', String(metrics.length), list(metrics)],
  ];
  const lines = rows.map(
    ([signal = '', count = '', names = '']) => `  ${signal.padEnd(9)}  ${count.padStart(3)}  ${names}`,
  );
  const verdict = missing.length === 0 ? 'all found' : `MISSING: ${missing.join('; ')}`;
  return [`Correlation ID ${correlationId} (made by the ${madeBy}): ${verdict}`, ...lines, ''].join('\n');
}

/** Each name once, in order, with how often it came. */
function list(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count > 1 ? `${name} ×${count}` : name)).join(', ');
}
