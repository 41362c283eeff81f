import { apiVersion } from './api-global.ts';
import type { Finding } from './finding.ts';
import { noteFinding } from './notes.ts';
import { ownFolder } from './own-package.ts';
import { ownPreloads } from './preload-options.ts';

/** Notes that the SDK was started already. `first` and `again` are folders inside the two copies of this package, or the one. */
export function noteSecondStart(first: string | undefined, again: string): void {
  const isOneCopy = first === undefined || first === again;
  const copies = isOneCopy ? '' : ` by two copies of the package, ${ownFolder(first)} and ${ownFolder(again)}`;
  noteFinding({
    code: 'STARTED_TWICE',
    severity: 'warning',
    what: `started twice in one process${copies}`,
    advice:
      'the first start stays as it is and nothing is doubled; preload @crmbet/otel once, or call start() once, not both',
  });
}

/** Notes that Node.js was told more than once to load this package, which it then did once. */
export function notePreloadedTwice(): void {
  const ours = ownPreloads();
  if (ours.length < 2) return;
  noteFinding({
    code: 'PRELOADED_TWICE',
    severity: 'warning',
    what: `preloaded ${ours.length} times (${ours.map(({ flag, from }) => `${flag} in ${from}`).join(', ')})`,
    advice: 'it started once and nothing is doubled; leave one of them',
  });
}

/** Notes that somebody has registered `parts` of the OpenTelemetry API before us; whether that leaves a place for this SDK. */
export function leavesPlace(parts: readonly string[]): boolean {
  const hasPlace = parts.every((part) => part === 'metrics');
  noteFinding(hasPlace ? otherMetrics : otherSdk(parts));
  return hasPlace;
}

/** Notes why the API refused to register an implementation although there was none. */
export function noteRefused(): void {
  noteFinding({
    code: 'API_COPY_INCOMPATIBLE',
    severity: 'error',
    what: `another copy of @opentelemetry/api (${apiVersion() ?? 'unknown version'}) was used before @crmbet/otel, which cannot register beside it and does nothing`,
    advice:
      'preload @crmbet/otel first, or install one version of @opentelemetry/api for the whole application (`npm ls @opentelemetry/api`)',
  });
}

function otherSdk(parts: readonly string[]): Finding {
  return {
    code: 'OTHER_SDK_FIRST',
    severity: 'error',
    what: `another OpenTelemetry SDK is registered in this process already (${parts.join(', ')}), @crmbet/otel leaves it alone and does nothing`,
    advice: 'remove the other one, or start the application without @crmbet/otel',
  };
}

const otherMetrics: Finding = {
  code: 'OTHER_SDK_FIRST',
  severity: 'warning',
  what: 'another OpenTelemetry meter provider is registered in this process already, metrics made with the API go to it alone',
  advice: 'remove it to have them with the rest',
};
