import {
  INVALID_TRACEID,
  SpanKind,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Link,
  type SpanContext,
} from '@opentelemetry/api';
import {
  SamplingDecision,
  TraceIdRatioBasedSampler,
  type Sampler,
  type SamplingResult,
} from '@opentelemetry/sdk-trace';
import type { SamplingRule } from '../config/sampling-rules.ts';

interface CompiledRule {
  method: string | undefined;
  matches(path: string): boolean;
  share: number;
  sampler: Sampler;
}

const drop: SamplingResult = { decision: SamplingDecision.NOT_RECORD };

/** Characters of a path that is compared with patterns: they must not become work that a caller can make long. */
const maxPathLength = 2048;

/**
 * Incoming requests by the first rule that fits, everything else by `inner`. A span below one of this process that is not
 * recorded is not recorded either, whatever `inner` is: what a dropped request does would else be a trace without a start.
 */
export class RuleSampler implements Sampler {
  readonly #rules: readonly CompiledRule[];
  readonly #inner: Sampler;

  constructor(rules: readonly SamplingRule[], inner: Sampler) {
    this.#rules = rules.map(compile);
    this.#inner = inner;
  }

  shouldSample(
    context: Context,
    traceId: string,
    spanName: string,
    spanKind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingResult {
    const parent = trace.getSpanContext(context);
    if (spanKind === SpanKind.SERVER) {
      const rule = this.#find(attributes);
      if (rule?.share === 0) return drop;
      if (rule && !hasCaller(parent)) {
        return rule.sampler.shouldSample(context, traceId, spanName, spanKind, attributes, links);
      }
    } else if (hasCaller(parent) && !parent.isRemote && (parent.traceFlags & TraceFlags.SAMPLED) === 0) {
      return drop;
    }
    return this.#inner.shouldSample(context, traceId, spanName, spanKind, attributes, links);
  }

  toString(): string {
    return `RuleSampler{${this.#rules.length} rules, ${this.#inner.toString()}}`;
  }

  /** By what is known when the span starts: method and path, without the query. */
  #find(attributes: Attributes): CompiledRule | undefined {
    const path = attributes['url.path'];
    const method = attributes['http.request.method'];
    if (typeof path !== 'string' || path.length > maxPathLength) return undefined;
    return this.#rules.find((rule) => (rule.method === undefined || rule.method === method) && rule.matches(path));
  }
}

function hasCaller(parent: SpanContext | undefined): parent is SpanContext {
  return parent !== undefined && parent.traceId !== INVALID_TRACEID;
}

function compile({ method, path, share }: SamplingRule): CompiledRule {
  return { method, share, sampler: new TraceIdRatioBasedSampler(share), matches: matcher(path) };
}

function matcher(path: string): (actual: string) => boolean {
  const stem = path.slice(0, -1);
  if (!/[*:]/.test(path)) return (actual) => actual === path || (actual.startsWith(path) && actual === `${path}/`);
  if (path.endsWith('*') && !/[*:]/.test(stem)) return (actual) => actual.startsWith(stem);
  const source = path
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '[^]*')
    .replace(/:\w+/g, '[^/]+');
  const pattern = new RegExp(`^${source}$`);
  return (actual) => pattern.test(actual);
}
