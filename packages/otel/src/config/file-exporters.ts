import { mergeHeadersConfig } from '@opentelemetry/configuration';
import type { Reading } from './file-reading.ts';
import type { Settings, SettingsInput } from './read.ts';

type SignalGroup = 'otlpTraces' | 'otlpLogs' | 'otlpMetrics';
type OtlpInput = NonNullable<SettingsInput['otlpTraces']>;
type Exporter = 'otlp' | 'console' | 'file';

/** What the processors of a provider say: each exporter at most once, because that is what there is. */
export function exporterSettings(
  provider: Reading,
  batchGroup: 'spanBatch' | 'logBatch',
  otlpGroup: SignalGroup,
): SettingsInput & { exporters: Exporter[] } {
  const exporters: Exporter[] = [];
  const settings: { -readonly [Group in keyof Settings]?: object } = {};
  for (const processor of provider.items('processors')) {
    for (const { choice, reading } of processor.choose({ batch: 'batch', simple: 'simple' }, 'processor')) {
      const exporter = chooseExporter(reading.child('exporter'), (chosen, otlp) => {
        if (exporters.includes(chosen)) return reading.missing(`a second exporter \`${chosen}\``);
        exporters.push(chosen);
        if (otlp) settings[otlpGroup] = otlp;
        return undefined;
      });
      if (choice === 'batch') settings[batchGroup] = batchOf(reading);
      else if (exporter !== 'console') settings[batchGroup] = { scheduleDelayMs: 0 };
    }
  }
  return { ...(settings as SettingsInput), exporters };
}

function batchOf(reading: Reading): object {
  return reading.pick({
    schedule_delay: 'scheduleDelayMs',
    export_timeout: 'exportTimeoutMs',
    max_queue_size: 'maxQueueSize',
    max_export_batch_size: 'maxBatchSize',
  });
}

function chooseExporter(
  reading: Reading,
  take: (exporter: Exporter, otlp: OtlpInput | undefined) => void,
): Exporter | undefined {
  const known = { otlp_http: 'http', otlp_grpc: 'grpc', console: 'console' } as const;
  const [found] = reading.choose(known, 'exporter');
  if (found === undefined) return undefined;
  if (found.choice === 'console') {
    take('console', undefined);
    return 'console';
  }
  take('otlp', otlpFromFile(found.reading, found.choice));
  return 'otlp';
}

/** An OTLP exporter of the file: its endpoint is whole. */
export function otlpFromFile(reading: Reading, transport: 'http' | 'grpc'): OtlpInput {
  const tls = reading.child('tls').pick({
    ca_file: 'certificate',
    key_file: 'clientKey',
    cert_file: 'clientCertificate',
    ...(transport === 'grpc' ? { insecure: 'insecure' } : {}),
  });
  const headers = mergeHeadersConfig(
    reading
      .items('headers')
      .map((header) => ({ name: header.text('name') ?? '', value: header.text('value') ?? null })),
    reading.text('headers_list'),
  );
  const encoding = transport === 'http' ? reading.text('encoding') : undefined;
  const protocol = transport === 'grpc' ? 'grpc' : encoding === 'json' ? 'http/json' : 'http/protobuf';
  const compression = compressionOf(reading);
  return {
    protocol,
    ...reading.pick({ endpoint: 'endpoint', timeout: 'timeoutMs' }),
    ...tls,
    ...(headers === undefined ? {} : { headers }),
    ...(compression === undefined ? {} : { compression }),
  };
}

function compressionOf(reading: Reading): 'none' | 'gzip' | undefined {
  const named = reading.text('compression');
  if (named === undefined || named === 'none' || named === 'gzip') return named;
  reading.missing(`compression \`${named}\``, 'bodies are sent as they are');
  return 'none';
}
