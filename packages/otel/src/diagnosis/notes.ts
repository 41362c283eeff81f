import { reporter, type Reporter } from '../report/reporter.ts';
import type { Finding } from './finding.ts';

/** Findings that are remembered. */
const most = 50;
const key = Symbol.for('crmbet.otel.findings');
/** One list a process: a second copy of this package adds to the first one's report. */
const holder = globalThis as { [key]?: Map<string, Finding> };

/** Remembers a finding for the report of this process and says it, once. */
export function noteFinding(finding: Finding, say: Reporter['say'] = reporter.say): void {
  const noted = (holder[key] ??= new Map());
  const name = `${finding.code} ${finding.what}`;
  if (noted.has(name) || noted.size >= most) return;
  noted.set(name, finding);
  say(`${finding.what}: ${finding.advice}`);
}

/** Everything noted so far. */
export function notedFindings(): Finding[] {
  return [...(holder[key]?.values() ?? [])];
}
