import type { MetricDefinition, MetricType, MetricUnit } from './catalogue-types.ts';

function runtimeMetric(
  name: string,
  type: MetricType,
  unit: MetricUnit,
  help: string,
  labels: MetricDefinition['labels'] = [],
): MetricDefinition {
  return { name, type, unit, help, labels, range: {}, maxSeries: 100, source: 'prom-client, collectDefaultMetrics' };
}

const lag = (name: string, help: string): MetricDefinition =>
  runtimeMetric(`nodejs_eventloop_lag${name}_seconds`, 'gauge', 'seconds', help);

const heapSpace = (what: string): MetricDefinition =>
  runtimeMetric(
    `nodejs_heap_space_size_${what}_bytes`,
    'gauge',
    'bytes',
    `Process heap space size ${what} from Node.js in bytes.`,
    [{ name: 'space', description: 'Heap space of V8', maxValues: 20 }],
  );

/**
 * Process and runtime metrics, named as prom-client's `collectDefaultMetrics` names them so that its dashboards work.
 * Its gauges that end with `_total` are left out: a name with that ending means a counter.
 */
export const runtimeCatalogue: readonly MetricDefinition[] = [
  runtimeMetric('process_cpu_user_seconds_total', 'counter', 'seconds', 'Total user CPU time spent in seconds.'),
  runtimeMetric('process_cpu_system_seconds_total', 'counter', 'seconds', 'Total system CPU time spent in seconds.'),
  runtimeMetric('process_cpu_seconds_total', 'counter', 'seconds', 'Total user and system CPU time spent in seconds.'),
  runtimeMetric(
    'process_start_time_seconds',
    'gauge',
    'seconds',
    'Start time of the process since unix epoch in seconds.',
  ),
  runtimeMetric('process_resident_memory_bytes', 'gauge', 'bytes', 'Resident memory size in bytes.'),
  runtimeMetric('process_virtual_memory_bytes', 'gauge', 'bytes', 'Virtual memory size in bytes (Linux).'),
  runtimeMetric('process_heap_bytes', 'gauge', 'bytes', 'Process heap size in bytes (Linux).'),
  runtimeMetric('process_open_fds', 'gauge', '', 'Number of open file descriptors (Linux).'),
  runtimeMetric('process_max_fds', 'gauge', '', 'Maximum number of open file descriptors (Linux).'),
  lag('', 'Lag of event loop in seconds.'),
  lag('_min', 'The minimum recorded event loop delay.'),
  lag('_max', 'The maximum recorded event loop delay.'),
  lag('_mean', 'The mean of the recorded event loop delays.'),
  lag('_stddev', 'The standard deviation of the recorded event loop delays.'),
  lag('_p50', 'The 50th percentile of the recorded event loop delays.'),
  lag('_p90', 'The 90th percentile of the recorded event loop delays.'),
  lag('_p99', 'The 99th percentile of the recorded event loop delays.'),
  runtimeMetric(
    'nodejs_active_resources',
    'gauge',
    '',
    'Number of active resources that are currently keeping the event loop alive, grouped by async resource type.',
    [{ name: 'type', description: 'Type of the resource', maxValues: 100 }],
  ),
  runtimeMetric('nodejs_heap_size_total_bytes', 'gauge', 'bytes', 'Process heap size from Node.js in bytes.'),
  runtimeMetric('nodejs_heap_size_used_bytes', 'gauge', 'bytes', 'Process heap size used from Node.js in bytes.'),
  runtimeMetric('nodejs_external_memory_bytes', 'gauge', 'bytes', 'Node.js external memory size in bytes.'),
  heapSpace('total'),
  heapSpace('used'),
  heapSpace('available'),
  runtimeMetric('nodejs_version_info', 'gauge', '', 'Node.js version info.', [
    { name: 'version', description: 'Version with its `v`', maxValues: 1 },
    { name: 'major', description: 'Major version', maxValues: 1 },
    { name: 'minor', description: 'Minor version', maxValues: 1 },
    { name: 'patch', description: 'Patch version', maxValues: 1 },
  ]),
];

/** Measured as it happens, so it lives in the registry like the documented metrics. */
export const gcDefinition: MetricDefinition = {
  ...runtimeMetric(
    'nodejs_gc_duration_seconds',
    'histogram',
    'seconds',
    'Garbage collection duration by kind, one of major, minor, incremental or weakcb.',
    [{ name: 'kind', description: 'Kind of the collection', maxValues: 5 }],
  ),
  buckets: [0.001, 0.01, 0.1, 1, 2, 5],
  range: { min: 0 },
};
