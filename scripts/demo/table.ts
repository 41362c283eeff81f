import type { Finding } from './check.ts';

const MAX_LISTED = 6;

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

function list(names: readonly string[]): string {
  const more = names.length - MAX_LISTED;
  return names.slice(0, MAX_LISTED).join(', ') + (more > 0 ? `, and ${more} more` : '');
}
