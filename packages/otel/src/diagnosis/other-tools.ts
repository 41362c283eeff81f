import type { Finding } from './finding.ts';
import type { LoadedPackage } from './packages.ts';

/** Packages that instrument the same libraries, and what they are called. */
const tools: Readonly<Record<string, string>> = {
  'dd-trace': 'Datadog',
  newrelic: 'New Relic',
  'elastic-apm-node': 'Elastic APM',
  '@elastic/opentelemetry-node': 'Elastic EDOT',
  '@sentry/node': 'Sentry',
  '@opentelemetry/auto-instrumentations-node': 'OpenTelemetry auto-instrumentations',
  '@aws/aws-distro-opentelemetry-node-autoinstrumentation': 'AWS Distro for OpenTelemetry',
  '@splunk/otel': 'Splunk OpenTelemetry',
  '@honeycombio/opentelemetry-node': 'Honeycomb',
  '@azure/monitor-opentelemetry': 'Azure Monitor OpenTelemetry',
  applicationinsights: 'Application Insights',
  appdynamics: 'AppDynamics',
  '@instana/collector': 'Instana',
  '@dynatrace/oneagent': 'Dynatrace',
  'skywalking-backend-js': 'SkyWalking',
};

/** One finding for each tool that instruments beside us. */
export function otherTools(packages: readonly LoadedPackage[]): Finding[] {
  const loaded = new Set(packages.map(({ name }) => name));
  return Object.entries(tools)
    .filter(([name]) => loaded.has(name))
    .map(([name, title]) => ({
      code: 'OTHER_TOOL',
      severity: 'warning',
      what: `${title} (${name}) is loaded in this process too`,
      advice: `keep one of the two: each instruments the same libraries and costs time on every request; remove ${name}, or @crmbet/otel`,
    }));
}
