import {
  mergePropagatorCompositeConfig,
  mergeResourceAttributesConfig,
  parseConfigFile,
} from '@opentelemetry/configuration';
import type { ConfigurationModel } from '@opentelemetry/configuration';
import { settingsTable } from './table.ts';
import { exporterSettings } from './file-exporters.ts';
import { metricsFromFile } from './file-metrics.ts';
import { Reading } from './file-reading.ts';
import { samplerFromFile } from './file-sampler.ts';
import type { SettingsInput, Warn } from './read.ts';
import type { Setting } from './setting.ts';

/** What a file says. */
export interface FileSettings {
  readonly settings: SettingsInput;
  /** Variables that the file sets below `distribution.crmbet`: what its schema has no place for. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The settings of a declarative configuration file. `warn` gets one line for everything the file names that this SDK
 * does not have; what it leaves out is as in the specification's defaults: a signal without a provider is off.
 * @throws {Error} when the file cannot be read, is no YAML, or is not of the schema
 */
export function settingsFromFile(path: string, warn: Warn): FileSettings {
  const model = parseConfigFile(path);
  const reading = new Reading(model, '', warn);
  const settings: SettingsInput = {
    sdk: { ...reading.pick({ disabled: 'disabled' }), ...logLevel(reading) },
    limits: reading
      .child('attribute_limits')
      .pick({ attribute_value_length_limit: 'attributeValueLength', attribute_count_limit: 'attributeCount' }),
    service: service(reading.child('resource'), model),
    propagation: propagation(reading.child('propagator'), model),
    privacy: privacy(reading.child('instrumentation/development')),
    ...traces(reading.child('tracer_provider')),
    ...logs(reading.child('logger_provider')),
    ...metricsFromFile(reading.child('meter_provider')),
  };
  const variables = ownVariables(reading.child('distribution').child('crmbet'));
  reading.reportRest();
  return { settings, variables };
}

/** Variables of the table by their names, such as `CRMBET_OTEL_SAMPLING_RULES`. */
function ownVariables(reading: Reading): Record<string, string> {
  const names = Object.values(settingsTable).flatMap((rows) =>
    Object.values<Setting<unknown>>(rows).map(({ env }) => env),
  );
  const found = Object.entries(reading.pick(Object.fromEntries(names.map((name) => [name, name]))));
  return Object.fromEntries(found.map(([name, value]) => [name, String(value)]));
}

const levels: readonly [RegExp, NonNullable<NonNullable<SettingsInput['sdk']>['logLevel']>][] = [
  [/^trace/, 'verbose'],
  [/^debug/, 'debug'],
  [/^info/, 'info'],
  [/^warn/, 'warn'],
  [/^(?:error|fatal)/, 'error'],
];

function logLevel(reading: Reading): NonNullable<SettingsInput['sdk']> {
  const named = reading.text('log_level');
  const found = levels.find(([pattern]) => named !== undefined && pattern.test(named));
  return found ? { logLevel: found[1] } : {};
}

function service(reading: Reading, { resource }: ConfigurationModel): NonNullable<SettingsInput['service']> {
  reading.use('attributes', 'attributes_list');
  const list = mergeResourceAttributesConfig(resource?.attributes, resource?.attributes_list) ?? [];
  const attributes = Object.fromEntries(
    list.flatMap(({ name, value }) => (value === null ? [] : [[name, String(value)]])),
  );
  const names = { container: 'container', host: 'host', process: 'process', service: 'serviceinstance' } as const;
  const detection = reading.child('detection/development');
  const detectors = detection.items('detectors').flatMap((detector) => detector.choose(names, 'resource detector'));
  // Without the section there is no detection at all; the name of the service is always found.
  return { attributes, detectors: detectors.map(({ choice }) => choice) };
}

function propagation(reading: Reading, { propagator }: ConfigurationModel): NonNullable<SettingsInput['propagation']> {
  reading.use('composite', 'composite_list');
  const known = ['tracecontext', 'baggage', 'b3', 'b3multi'] as const;
  const named = mergePropagatorCompositeConfig(propagator?.composite, propagator?.composite_list);
  if (named === undefined) return {};
  const propagators = named.flatMap((entry) => {
    const [name = ''] = Object.keys(entry);
    const found = known.find((candidate) => candidate === name);
    if (found === undefined && name !== 'none') reading.missing(`propagator \`${name}\``);
    return found ?? [];
  });
  return { propagators };
}

function privacy(reading: Reading): NonNullable<SettingsInput['privacy']> {
  const general = reading.child('general');
  const http = general.child('http');
  const side = (name: 'client' | 'server') => {
    const from = http.child(name);
    return { request: from.texts('request_captured_headers'), response: from.texts('response_captured_headers') };
  };
  const [server, client] = [side('server'), side('client')];
  return {
    ...(server.request && { serverRequestHeaders: server.request }),
    ...(server.response && { serverResponseHeaders: server.response }),
    ...(client.request && { clientRequestHeaders: client.request }),
    ...(client.response && { clientResponseHeaders: client.response }),
  };
}

function traces(reading: Reading): SettingsInput {
  if (!reading.exists) return { traces: { exporters: [] } };
  const { exporters, ...settings } = exporterSettings(reading, 'spanBatch', 'otlpTraces');
  const spanLimits = reading.child('limits').pick({
    attribute_value_length_limit: 'attributeValueLength',
    attribute_count_limit: 'attributeCount',
    event_count_limit: 'eventCount',
    link_count_limit: 'linkCount',
    event_attribute_count_limit: 'attributePerEventCount',
    link_attribute_count_limit: 'attributePerLinkCount',
  });
  reading.child('id_generator').use('random');
  return { ...settings, spanLimits, traces: { exporters, ...samplerFromFile(reading.child('sampler')) } };
}

function logs(reading: Reading): SettingsInput {
  if (!reading.exists) return { logs: { exporters: [] } };
  const { exporters, ...settings } = exporterSettings(reading, 'logBatch', 'otlpLogs');
  const logLimits = reading
    .child('limits')
    .pick({ attribute_value_length_limit: 'attributeValueLength', attribute_count_limit: 'attributeCount' });
  return { ...settings, logLimits, logs: { exporters } };
}
