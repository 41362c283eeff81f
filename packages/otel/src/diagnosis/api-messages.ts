import type { Finding } from './finding.ts';

/**
 * The finding behind an error that @opentelemetry/api logs when somebody registers what is registered already; its
 * messages are stacks that say neither who nor what to do.
 */
export function findingOfApiMessage(message: string): Finding | undefined {
  if (/duplicate registration of API: (?!diag)/.test(message)) {
    return {
      code: 'OTHER_SDK_LATER',
      severity: 'warning',
      what: 'another OpenTelemetry SDK was started after @crmbet/otel and has no effect',
      advice: 'remove it from the application, or start the application without @crmbet/otel',
    };
  }
  const [, version, registered] =
    /Registration of version v(\S+) for \w+ does not match previously registered API v(\S+)/.exec(message) ?? [];
  if (version === undefined) return undefined;
  return {
    code: 'API_COPY_INCOMPATIBLE',
    severity: 'error',
    what: `a copy of @opentelemetry/api ${version} cannot register beside ${registered}`,
    advice:
      'install one version of @opentelemetry/api for the whole application (`npm ls @opentelemetry/api` shows who brings which)',
  };
}
