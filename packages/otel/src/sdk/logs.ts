import { logs } from '@opentelemetry/api';
import { logs as legacyLogs } from '@opentelemetry/api-logs';
import { JsonLogsSerializer, LogsExporterMetricsHelper, ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import type { Resource } from '@opentelemetry/resources';
import {
  ConsoleLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
  type LogRecordProcessor,
  type ReadableLogRecord,
} from '@opentelemetry/sdk-logs';
import type { Settings } from '../config/read.ts';
import { CorrelationLogRecordProcessor } from '../correlation/processors.ts';
import { BatchQueue } from '../export/batch-queue.ts';
import { createOtlpExporter } from '../export/otlp-exporter.ts';
import { otlpTarget } from '../export/otlp-target.ts';
import type * as FileModule from '../export/file-exporter.ts';
import { createOutputs } from '../export/outputs.ts';
import { createDropCounter } from './drops.ts';
import type { Pipeline, PipelineContext } from './pipeline.ts';
import { pendingOf } from './traces.ts';

/**
 * Makes the logger provider and registers it under both names it is looked for: `logs` of @opentelemetry/api, and the
 * older @opentelemetry/api-logs that @opentelemetry/winston-transport and applications use. They are two globals;
 * with only the first, records made through the second would vanish without a word.
 */
export function startLogs(context: PipelineContext, resource: Resource): Pipeline | undefined {
  const { settings } = context;
  const { exporters } = settings.logs;
  if (exporters.length === 0) return undefined;
  const otlp = exporters.includes('otlp') ? createOtlpPipeline(context) : undefined;
  const file = exporters.includes('file') ? createFileOutput(context) : undefined;
  const provider = new LoggerProvider({
    resource,
    logRecordLimits: logLimits(settings),
    processors: [
      new CorrelationLogRecordProcessor(),
      ...(otlp ? [otlp.processor] : []),
      ...(file ? [file.processor] : []),
      ...(exporters.includes('console')
        ? [new SimpleLogRecordProcessor({ exporter: new ConsoleLogRecordExporter() })]
        : []),
    ],
  });
  logs.setGlobalLoggerProvider(provider);
  legacyLogs.setGlobalLoggerProvider(provider);
  return {
    recorded: () => (otlp?.queue.added ?? 0) + (file?.outputs.recorded() ?? 0),
    // Not through the provider, whose time limit keeps the process alive.
    flush: async () => void (await Promise.all([otlp?.queue.flush(), file?.outputs.flush()])),
    shutdown: () => provider.shutdown(),
    setHurried: (hurried) => otlp?.exporter.setHurried(hurried),
    abandon: () => undefined,
    takePending: () => (otlp ? pendingOf(otlp.queue, otlp.exporter) : []),
  };
}

function createOtlpPipeline(context: PipelineContext) {
  const target = otlpTarget('logs', context.settings, context.reporter);
  const exporter = createOtlpExporter<ReadableLogRecord[], unknown>(
    target,
    {
      protobuf: () => ProtobufLogsSerializer,
      json: () => JsonLogsSerializer,
      helper: () => LogsExporterMetricsHelper,
      grpcService: 'opentelemetry.proto.collector.logs.v1.LogsService',
    },
    context.reachabilityOf(target.url),
  );
  const queue = new BatchQueue<ReadableLogRecord>({
    ...context.settings.logBatch,
    exporter,
    onDrop: createDropCounter('log', context.reporter),
  });
  const processor: LogRecordProcessor = {
    onEmit: (record) => queue.add(record),
    forceFlush: () => queue.flush(),
    shutdown: () => queue.shutdown(),
  };
  return { exporter, queue, processor };
}

function createFileOutput({ settings, reporter }: PipelineContext) {
  const { createFileExporter } = require('../export/file-exporter.js') as typeof FileModule;
  const exporter = createFileExporter<ReadableLogRecord>('logs', settings.file, JsonLogsSerializer, reporter);
  const outputs = createOutputs([exporter], { ...settings.logBatch, onDrop: createDropCounter('log', reporter) });
  const processor: LogRecordProcessor = {
    onEmit: (record) => outputs.add(record),
    forceFlush: () => outputs.flush(),
    shutdown: () => outputs.shutdown(),
  };
  return { outputs, processor };
}

function logLimits({ limits, logLimits: own }: Settings) {
  const valueLength = own.attributeValueLength ?? limits.attributeValueLength;
  return {
    ...(valueLength === undefined ? {} : { attributeValueLengthLimit: valueLength }),
    attributeCountLimit: own.attributeCount ?? limits.attributeCount,
  };
}
