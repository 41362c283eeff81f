import { hostName, text, url, wholeNumber } from './kinds.ts';
import { secretSetting, setting } from './setting.ts';

/** Settings of the `file` exporters. */
export const fileSettings = {
  path: setting(
    'CRMBET_OTEL_FILE_PATH',
    text,
    'telemetry/{signal}.jsonl',
    'File of the `file` exporters: OTLP as JSON, one request a line ("OpenTelemetry Protocol File Exporter"). `{signal}` becomes `traces` or `logs`, `{pid}` the process ID.',
  ),
  maxSizeBytes: setting(
    'CRMBET_OTEL_FILE_MAX_SIZE',
    wholeNumber(1024),
    104_857_600,
    'Bytes after which the file is renamed to `<file>.1`, in place of the one before it, and a new one begun: so at most twice as much is kept.',
  ),
};

/** Settings of the `jaeger` exporter, as the specification had them. */
export const jaegerSettings = {
  endpoint: setting(
    'OTEL_EXPORTER_JAEGER_ENDPOINT',
    url,
    undefined,
    "URL of a collector that takes thrift over HTTP, such as `http://127.0.0.1:14268/api/traces`. Without it spans go to the agent's port over UDP.",
  ),
  agentHost: setting('OTEL_EXPORTER_JAEGER_AGENT_HOST', hostName, '127.0.0.1', 'Host of the agent.'),
  agentPort: setting(
    'OTEL_EXPORTER_JAEGER_AGENT_PORT',
    wholeNumber(1, 65_535),
    6832,
    'Port of the agent that takes the binary thrift protocol.',
  ),
  user: setting('OTEL_EXPORTER_JAEGER_USER', text, undefined, 'User for basic authentication at the collector.'),
  password: secretSetting(
    'OTEL_EXPORTER_JAEGER_PASSWORD',
    text,
    undefined,
    'Password for basic authentication at the collector.',
  ),
};
