import { context, trace, TraceFlags } from '@opentelemetry/api';
import { getCorrelationId } from '@crmbet/correlation';
import { MAX_RECENT_EXEMPLARS } from './snapshot.ts';
import type { Exemplar } from './snapshot.ts';

/** The work that a measurement belongs to; an OpenTelemetry `SpanContext` is one. */
export interface MeasurementOrigin {
  readonly traceId: string;
  readonly spanId: string;
  /** W3C trace flags; only a sampled origin becomes an exemplar. */
  readonly traceFlags: number;
  /** Default: the correlation ID of the active context. */
  readonly correlationId?: string | undefined;
}

/** Origin of what runs now, or `undefined` outside a sampled trace. */
export function activeOrigin(): MeasurementOrigin | undefined {
  const active = context.active();
  const span = trace.getSpanContext(active);
  if (span === undefined || (span.traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    traceFlags: span.traceFlags,
    correlationId: getCorrelationId(active),
  };
}

/** An origin may come from callers without types: what has no IDs is none. */
function isSampled({ traceId, spanId, traceFlags }: MeasurementOrigin): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0 && typeof traceId === 'string' && typeof spanId === 'string';
}

/** Makes exemplars and bounds how many of them the rings of all series hold together. */
export class ExemplarMaker {
  enabled: boolean;
  private readonly now: () => number;
  private free: number;

  constructor(enabled: boolean, now: () => number, capacity: number) {
    this.enabled = enabled;
    this.now = now;
    this.free = capacity;
  }

  /** The exemplar of a measurement, or `undefined` when exemplars are off or the work is not sampled. */
  make(value: number, origin: MeasurementOrigin | undefined): Exemplar | undefined {
    if (!this.enabled) return undefined;
    const from = origin ?? activeOrigin();
    if (from === undefined || !isSampled(from)) return undefined;
    const given = from.correlationId ?? getCorrelationId();
    const correlationId = typeof given === 'string' ? given : '';
    return { value, timeUnixMs: this.now(), traceId: from.traceId, spanId: from.spanId, correlationId };
  }

  /** Takes one place for a ring that grows; `false` when all are taken. */
  reserve(): boolean {
    if (this.free === 0) return false;
    this.free -= 1;
    return true;
  }

  release(places: number): void {
    this.free += places;
  }
}

/** The most recent exemplars of one series. */
export class ExemplarRing {
  private readonly maker: ExemplarMaker;
  private entries: Exemplar[] = [];
  private oldest = 0;

  constructor(maker: ExemplarMaker) {
    this.maker = maker;
  }

  push(exemplar: Exemplar): void {
    const size = this.entries.length;
    if (size < MAX_RECENT_EXEMPLARS && this.maker.reserve()) {
      // A ring that could not grow for a while may have turned; put it in order before it grows again.
      if (this.oldest !== 0) this.entries = this.list();
      this.oldest = 0;
      this.entries.push(exemplar);
      return;
    }
    if (size === 0) return;
    this.entries[this.oldest] = exemplar;
    this.oldest = (this.oldest + 1) % size;
  }

  /** Oldest first. */
  list(): Exemplar[] {
    return [...this.entries.slice(this.oldest), ...this.entries.slice(0, this.oldest)];
  }

  take(): Exemplar[] {
    const taken = this.list();
    this.maker.release(taken.length);
    this.entries = [];
    this.oldest = 0;
    return taken;
  }
}
