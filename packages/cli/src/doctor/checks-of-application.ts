import { basename } from 'node:path';
import type { ProcessReport } from '@crmbet/otel/sdk';
import type { Observation } from './application.ts';
import type { Check } from './check.ts';
import { checkNode } from './settings.ts';

const name = 'application';

/** What was seen of a command, the same finding of several processes once. */
export function checksOfApplication({ reports, exitCode }: Observation): Check[] {
  const checks = [...ending(exitCode), ...(reports.length === 0 ? [noReport] : reports.flatMap(checksOfReport))];
  return [...new Map(checks.map((check) => [`${check.state} ${check.what}`, check])).values()];
}

const noReport: Check = {
  name,
  state: 'error',
  what: 'no process of the command loaded @crmbet/otel',
  advice:
    'the command must start Node.js 22.15 or newer and leave NODE_OPTIONS alone; or start it with `node --require @crmbet/otel`',
};

function ending(exitCode: number | null | undefined): Check[] {
  if (exitCode === undefined || exitCode === 0) return [];
  const how = exitCode === null ? 'by a signal' : `with exit code ${exitCode}`;
  return [
    {
      name,
      state: 'warning',
      what: `the command ended ${how}`,
      advice: 'its output is above; what it did not reach was not looked at',
    },
  ];
}

function checksOfReport(report: ProcessReport): Check[] {
  const who = report.script === '-' ? `process ${report.pid}` : basename(report.script);
  const node = checkNode(report.nodeVersion);
  const findings = report.findings.map(({ severity, what, advice }): Check => ({
    name,
    state: severity,
    what,
    advice,
  }));
  return [...(node.state === 'ok' ? [] : [node]), ...stateOf(report, who), ...findings];
}

function stateOf({ state, serviceName, instrumented }: ProcessReport, who: string): Check[] {
  const names = instrumented.map(({ name, version }) => [name, version].filter(Boolean).join(' ')).join(', ');
  const checks: Record<ProcessReport['state'], Check[]> = {
    running: [{ name, state: 'ok', what: `${who} is service ${serviceName}, instrumented: ${names}` }],
    disabled: [
      {
        name,
        state: 'error',
        what: `telemetry is disabled in ${who}`,
        advice: 'remove OTEL_SDK_DISABLED from its environment',
      },
    ],
    failed: [
      {
        name,
        state: 'error',
        what: `@crmbet/otel could not start in ${who}`,
        advice: 'its line on standard error says why; please report it',
      },
    ],
    // The finding says beside whom.
    beside: [],
  };
  return checks[state];
}
