import { constants, performance, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';
import { EventLoopMonitor } from './event-loop-lag.ts';
import { readMaxFds, readProcess } from './process-readings.ts';
import { runtimeCatalogue } from './runtime-catalogue.ts';
import type { MetricSnapshot, NumberSeries } from './snapshot.ts';

type Labels = Readonly<Record<string, string>>;
type Reading = readonly [value: number | undefined, labels?: Labels];

/** Whole milliseconds, as all times of a snapshot are. */
const PROCESS_START_UNIX_MS = Math.round(performance.timeOrigin);
const NO_LABELS: Labels = Object.freeze({});
const gcKinds: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

/** Metrics of the process and of Node.js, read when they are asked for; nothing of it keeps the process alive. */
export class RuntimeMetrics {
  private readonly eventLoop = new EventLoopMonitor();
  private readonly maxFds = readMaxFds();
  private readonly version = versionLabels();
  private readonly gcObserver: PerformanceObserver;

  /** @param onGc called with the duration in seconds and the kind of each garbage collection */
  constructor(onGc: (durationSeconds: number, kind: string) => void) {
    this.gcObserver = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const kind = (entry as { detail?: { kind?: number } }).detail?.kind ?? -1;
        onGc(entry.duration / 1000, gcKinds[kind] ?? 'other');
      }
    });
    this.gcObserver.observe({ entryTypes: ['gc'] });
  }

  /** Measures the event loop's lag anew; the other readings are as of {@link collect}. */
  refresh(): Promise<void> {
    return this.eventLoop.measureLag();
  }

  collect(): MetricSnapshot[] {
    const readings = new Map<string, Reading[]>([...this.process(), ...this.loop(), ...heap(), ...this.rest()]);
    return runtimeCatalogue.flatMap(({ name, help, unit, type }) => {
      const series = (readings.get(name) ?? []).flatMap(toSeries);
      return series.length === 0 ? [] : [{ name, help, unit, type, series } as MetricSnapshot];
    });
  }

  close(): void {
    this.eventLoop.close();
    this.gcObserver.disconnect();
  }

  private process(): [string, Reading[]][] {
    const cpu = process.cpuUsage();
    const readings = readProcess();
    return [
      ['process_cpu_user_seconds_total', [[cpu.user / 1e6]]],
      ['process_cpu_system_seconds_total', [[cpu.system / 1e6]]],
      ['process_cpu_seconds_total', [[(cpu.user + cpu.system) / 1e6]]],
      ['process_start_time_seconds', [[PROCESS_START_UNIX_MS / 1000]]],
      ['process_resident_memory_bytes', [[readings.residentBytes]]],
      ['process_virtual_memory_bytes', [[readings.virtualBytes]]],
      ['process_heap_bytes', [[readings.heapBytes]]],
      ['process_open_fds', [[readings.openFds]]],
      ['process_max_fds', [[this.maxFds]]],
    ];
  }

  private loop(): [string, Reading[]][] {
    const delays = Object.entries(this.eventLoop.delays());
    return [
      ['nodejs_eventloop_lag_seconds', [[this.eventLoop.lag()]]],
      ...delays.map(([name, value]): [string, Reading[]] => [`nodejs_eventloop_lag_${name}_seconds`, [[value]]]),
    ];
  }

  private rest(): [string, Reading[]][] {
    const types = new Map<string, number>();
    for (const type of process.getActiveResourcesInfo()) types.set(type, (types.get(type) ?? 0) + 1);
    return [
      ['nodejs_active_resources', [...types].map(([type, count]): Reading => [count, { type }])],
      ['nodejs_version_info', [[1, this.version]]],
    ];
  }
}

function heap(): [string, Reading[]][] {
  const memory = process.memoryUsage();
  const spaces = getHeapSpaceStatistics().map((space) => ({
    labels: { space: space.space_name.replace(/_space$/, '') },
    space,
  }));
  return [
    ['nodejs_heap_size_total_bytes', [[memory.heapTotal]]],
    ['nodejs_heap_size_used_bytes', [[memory.heapUsed]]],
    ['nodejs_external_memory_bytes', [[memory.external]]],
    ['nodejs_heap_space_size_total_bytes', spaces.map(({ space, labels }): Reading => [space.space_size, labels])],
    ['nodejs_heap_space_size_used_bytes', spaces.map(({ space, labels }): Reading => [space.space_used_size, labels])],
    [
      'nodejs_heap_space_size_available_bytes',
      spaces.map(({ space, labels }): Reading => [space.space_available_size, labels]),
    ],
  ];
}

function toSeries([value, labels]: Reading): NumberSeries[] {
  if (value === undefined) return [];
  return [{ labels: labels ?? NO_LABELS, startTimeUnixMs: PROCESS_START_UNIX_MS, value, exemplars: [] }];
}

function versionLabels(): Labels {
  const [major = '', minor = '', patch = ''] = process.versions.node.split('.');
  return Object.freeze({ version: process.version, major, minor, patch });
}
