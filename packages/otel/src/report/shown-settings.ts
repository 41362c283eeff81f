import type { Setting } from '../config/setting.ts';
import { settingsTable } from '../config/table.ts';
import { looksSecret, REDACTED, redactUrl } from './redact.ts';

/** Variables that hold a word out of a list, a number or a switch: shown as they are when they are allowed. */
const words = new Set([
  'OTEL_SDK_DISABLED',
  'OTEL_LOG_LEVEL',
  'OTEL_PROPAGATORS',
  'OTEL_TRACES_EXPORTER',
  'OTEL_METRICS_EXPORTER',
  'OTEL_LOGS_EXPORTER',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
  'OTEL_BSP_SCHEDULE_DELAY',
  'OTEL_BSP_EXPORT_TIMEOUT',
  'OTEL_BSP_MAX_QUEUE_SIZE',
  'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
  'OTEL_BLRP_SCHEDULE_DELAY',
  'OTEL_BLRP_EXPORT_TIMEOUT',
  'OTEL_BLRP_MAX_QUEUE_SIZE',
  'OTEL_BLRP_MAX_EXPORT_BATCH_SIZE',
  'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
  'OTEL_ATTRIBUTE_COUNT_LIMIT',
  'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
  'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT',
  'OTEL_SPAN_EVENT_COUNT_LIMIT',
  'OTEL_SPAN_LINK_COUNT_LIMIT',
  'OTEL_METRIC_EXPORT_INTERVAL',
  'OTEL_METRIC_EXPORT_TIMEOUT',
  'OTEL_EXPORTER_PROMETHEUS_PORT',
  ...['', 'TRACES_', 'METRICS_', 'LOGS_'].flatMap((signal) =>
    ['PROTOCOL', 'COMPRESSION', 'TIMEOUT', 'INSECURE'].map((name) => `OTEL_EXPORTER_OTLP_${signal}${name}`),
  ),
]);
/** Free text, shown unless it looks like a secret. */
const names = new Set(['OTEL_SERVICE_NAME', 'OTEL_EXPORTER_PROMETHEUS_HOST']);
/** Shown without user, password, query and fragment. */
const urls = new Set(['', 'TRACES_', 'METRICS_', 'LOGS_'].map((signal) => `OTEL_EXPORTER_OTLP_${signal}ENDPOINT`));

/**
 * `NAME=value` of every `OTEL_` and `CRMBET_` variable that is set, sorted. The value is shown for names of the lists
 * above only, and only where it is allowed: a secret in the wrong variable stays one.
 */
export function shownSettings(env: NodeJS.ProcessEnv): string[] {
  const rows = tableRows();
  return Object.entries(env)
    .filter(([name, value]) => /^(?:OTEL|CRMBET)_\w+$/.test(name) && value?.trim())
    .map(([name, value]) => `${looksSecret(name) ? REDACTED : name}=${shown(rows.get(name), value?.trim() ?? '')}`)
    .sort();
}

function shown(row: Setting<unknown> | undefined, value: string): string {
  if (!row || row.secret || row.kind.parse(value) === undefined) return REDACTED;
  if (words.has(row.env)) return value;
  if (urls.has(row.env)) return redactUrl(value);
  return names.has(row.env) ? shownName(value) : REDACTED;
}

/** A name that people gave, unless it looks like a secret or has what no name has. */
export function shownName(value: string): string {
  return /^[\w.@/:+ -]{1,100}$/.test(value) && !looksSecret(value) ? value : REDACTED;
}

function tableRows(): ReadonlyMap<string, Setting<unknown>> {
  const rows = Object.values<Readonly<Record<string, Setting<unknown>>>>(settingsTable).flatMap(Object.values);
  return new Map(rows.map((row: Setting<unknown>) => [row.env, row]));
}
