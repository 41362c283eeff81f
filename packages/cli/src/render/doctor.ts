import type { Check } from '../doctor/check.ts';
import type { Style } from '../output.ts';
import { count, oneLine } from './text.ts';

/** The checks, one a line, with what to do below those that found something, and how it stands in the end. */
export function renderChecks(checks: readonly Check[], { colors }: Style): string {
  const marks = { ok: colors.green('ok     '), warning: colors.yellow('warning'), error: colors.red('error  ') };
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, state, what, advice }) => [
    `${marks[state]}  ${name.padEnd(width)}  ${oneLine(what)}`,
    ...(advice === undefined ? [] : [`${' '.repeat(width + 11)}${colors.dim('->')} ${oneLine(advice)}`]),
  ]);
  const number = (state: Check['state']) => checks.filter((check) => check.state === state).length;
  const summary =
    number('error') === 0
      ? `Telemetry works${number('warning') === 0 ? '' : `, ${count(number('warning'), 'warning')}`}.`
      : `${count(number('error'), 'finding')} that ${number('error') === 1 ? 'keeps' : 'keep'} telemetry from working.`;
  return [...lines, '', colors.bold(summary)].join('\n');
}
