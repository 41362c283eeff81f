import {
  context,
  createNoopMeter,
  INVALID_SPAN_CONTEXT,
  trace,
  type Context,
  type Meter,
  type MeterProvider,
  type Span,
  type SpanOptions,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { noteFinding } from '../diagnosis/notes.ts';

/** Names of published instrumentations whose work is done here. */
const claimed = new Set<string>();
let depth = 0;

/** From here on an instrumentation of that name makes telemetry only when {@link asOurs} made it. */
export function claimScope(name: string): void {
  claimed.add(name);
}

/** Gives the name back. */
export function releaseScope(name: string): void {
  claimed.delete(name);
}

/** Makes an instrumentation of ours. */
export function asOurs<T>(create: () => T): T {
  depth += 1;
  try {
    return create();
  } finally {
    depth -= 1;
  }
}

/**
 * Two instrumentations of HTTP would make two spans of each request and count it twice. One that the application
 * brings gets a tracer whose spans stand for the one that is there.
 */
export function withoutForeignSpans<T extends TracerProvider>(provider: T): T {
  const original = provider.getTracer.bind(provider);
  provider.getTracer = (...args) => (isForeign(args[0]) ? passiveTracer : original(...args));
  return provider;
}

/** The same for metrics. */
export function withoutForeignMetrics<T extends MeterProvider>(provider: T): T {
  const original = provider.getMeter.bind(provider);
  provider.getMeter = (...args): Meter => (isForeign(args[0]) ? createNoopMeter() : original(...args));
  return provider;
}

function isForeign(name: string): boolean {
  if (depth > 0 || !claimed.has(name)) return false;
  noteFinding({
    code: 'OTHER_INSTRUMENTATION',
    severity: 'warning',
    what: `the application brings ${name} of its own, which makes no telemetry beside that of @crmbet/otel`,
    advice: 'remove it: it costs time on each request and nothing is missing without it',
  });
  return true;
}

const passiveTracer: Tracer = {
  startSpan: (_name: string, _options?: SpanOptions, ctx?: Context) => passiveSpan(ctx),
  startActiveSpan<F extends (span: Span) => unknown>(...args: unknown[]): ReturnType<F> {
    return (args.at(-1) as F)(passiveSpan()) as ReturnType<F>;
  },
};

/** Stands for the span that is active, ours, else for the parent that came with the request. */
function passiveSpan(ctx: Context = context.active()): Span {
  const spanContext = trace.getSpanContext(context.active()) ?? trace.getSpanContext(ctx);
  return trace.wrapSpanContext(spanContext ?? INVALID_SPAN_CONTEXT);
}
