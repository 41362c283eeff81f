import { context, propagation, trace, metrics, diag } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { loadSettings } from '../config/load.ts';
import type { Settings, SettingsInput } from '../config/read.ts';
import { registeredParts } from '../diagnosis/api-global.ts';
import type * as Beside from '../diagnosis/beside.ts';
import { watchStart, type Watch } from '../diagnosis/watch.ts';
import { installInstrumentations } from '../instrumentation/install.ts';
import { within } from '../lifecycle/bounded-flush.ts';
import { createLifecycle } from '../lifecycle/lifecycle.ts';
import { installDiagnostics } from '../report/diag.ts';
import { reporter } from '../report/reporter.ts';
import { startLogs } from './logs.ts';
import { startMetrics } from './metrics.ts';
import { createPipelineContext } from './pipeline.ts';
import { createPropagator } from './propagators.ts';
import { createResource } from './resource.ts';
import { startTraces } from './traces.ts';

/** The SDK of this process. */
export interface RunningSdk {
  /** Folder of this file in the copy of this package that started it. */
  readonly startedFrom?: string;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

const nothing: RunningSdk = { flush: async () => undefined, stop: async () => undefined };
const runningKey = Symbol.for('crmbet.otel.running');
const holder = globalThis as { [runningKey]?: RunningSdk };

/** The SDK that runs in this process, whichever copy of this package started it. */
export function runningSdk(): RunningSdk | undefined {
  return holder[runningKey];
}

/**
 * Starts the SDK, once in a process: a second start is one line on standard error, and the first one stays. Never throws:
 * what cannot be started is said, and the application runs without it.
 */
export function startSdk(options: SettingsInput): RunningSdk {
  const running = holder[runningKey];
  if (running !== undefined) {
    beside().noteSecondStart(running.startedFrom, __dirname);
    return running;
  }
  const started = { ...startSafely(options), startedFrom: __dirname };
  holder[runningKey] = started;
  return started;
}

function startSafely(options: SettingsInput): RunningSdk {
  const watch = watchStart(reporter);
  try {
    const settings = loadSettings(process.env, options, reporter.say);
    if (settings.sdk.disabled) {
      watch.settled({ state: 'disabled' });
      return nothing;
    }
    return startNow(settings, watch);
  } catch (error) {
    watch.settled({ state: 'failed' });
    reporter.say(`cannot start, the application runs without telemetry: ${(error as Error).stack ?? String(error)}`);
    return nothing;
  }
}

function startNow(settings: Settings, watch: Watch): RunningSdk {
  if (!register()) {
    watch.settled({ state: 'beside' });
    return nothing;
  }
  installDiagnostics(settings.sdk.logLevel, reporter);
  propagation.setGlobalPropagator(createPropagator(settings.propagation.propagators));
  const pipelineContext = createPipelineContext(settings, reporter);
  const resource = createResource(settings.service);
  // The meter provider first: the others count their drops with it.
  const pipelines = [startMetrics, startTraces, startLogs].flatMap(
    (startSignal) => startSignal(pipelineContext, resource) ?? [],
  );
  const instrumentations = installInstrumentations(settings, reporter);
  const lifecycle = createLifecycle(pipelines, pipelineContext.canDeliver);
  watch.settled({ state: 'running', settings, serviceName: String(resource.attributes['service.name']) });
  return {
    flush: lifecycle.flush,
    stop: once(async () => {
      lifecycle.close();
      instrumentations.disable();
      disable();
      await within(Promise.all(pipelines.map((pipeline) => pipeline.shutdown())), settings.otlp.timeoutMs);
    }),
  };
}

/** Takes the API's place for context, unless somebody else is there, which is said. */
function register(): boolean {
  const others = registeredParts();
  if (others.length > 0 && !beside().leavesPlace(others)) return false;
  const isRegistered = context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  if (!isRegistered) beside().noteRefused();
  return isRegistered;
}

/** Loaded when there is somebody else. */
function beside(): typeof Beside {
  return require('../diagnosis/beside.js') as typeof Beside;
}

/** Libraries fall back to the API's own no-ops. */
function disable(): void {
  trace.disable();
  metrics.disable();
  propagation.disable();
  context.disable();
  diag.disable();
}

function once(work: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => (result ??= work());
}
