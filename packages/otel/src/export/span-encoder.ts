import type { HrTime, Link, SpanContext } from '@opentelemetry/api';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import { writeAttributes } from './attribute-encoder.ts';
import { WireWriter } from './wire-writer.ts';

/** `SpanFlags` of opentelemetry.proto.trace.v1: what is known of whether the parent is in another process, and that it is. */
const hasIsRemote = 0x100;
const isRemote = 0x200;
const writer = new WireWriter();

/**
 * `ExportTraceServiceRequest` of OTLP/protobuf. The SDK's serializer goes over everything twice and encodes each text
 * each time; this is done for every span at full sampling, so it is done once, and what repeats is copied.
 */
export function encodeSpans(spans: readonly ReadableSpan[]): Uint8Array {
  writer.clear();
  for (const [resource, scopes] of groupSpans(spans)) {
    writer.tag(0x0a);
    const start = writer.begin();
    writeResource(resource);
    for (const [scope, scoped] of scopes) writeScopeSpans(scope, scoped);
    if (resource.schemaUrl) writeText(0x1a, resource.schemaUrl);
    writer.end(start);
  }
  return writer.since(0);
}

type Resource = ReadableSpan['resource'];
type Scope = ReadableSpan['instrumentationScope'];

function groupSpans(spans: readonly ReadableSpan[]): Map<Resource, Map<Scope, ReadableSpan[]>> {
  const resources = new Map<Resource, Map<Scope, ReadableSpan[]>>();
  for (const span of spans) {
    const scopes = resources.get(span.resource) ?? new Map<Scope, ReadableSpan[]>();
    resources.set(span.resource, scopes);
    const scoped = scopes.get(span.instrumentationScope);
    if (scoped === undefined) scopes.set(span.instrumentationScope, [span]);
    else scoped.push(span);
  }
  return resources;
}

function writeResource({ attributes }: Resource): void {
  writer.tag(0x0a);
  const start = writer.begin();
  writeAttributes(writer, 0x0a, attributes);
  writer.end(start);
}

function writeScopeSpans(scope: Scope, spans: readonly ReadableSpan[]): void {
  writer.tag(0x12);
  const start = writer.begin();
  writer.tag(0x0a);
  const scopeStart = writer.begin();
  writeText(0x0a, scope.name);
  if (scope.version) writeText(0x12, scope.version);
  writer.end(scopeStart);
  for (const span of spans) writeSpan(span);
  if (scope.schemaUrl) writeText(0x1a, scope.schemaUrl);
  writer.end(start);
}

function writeSpan(span: ReadableSpan): void {
  writer.tag(0x12);
  const start = writer.begin();
  const own = span.spanContext();
  const { parentSpanContext: parent, status } = span;
  writeIds(own);
  if (parent?.spanId) {
    writer.tag(0x22);
    writer.hex(parent.spanId);
  }
  writeText(0x2a, span.name);
  writer.tag(0x30);
  writer.varint(span.kind + 1);
  writeTime(0x39, span.startTime);
  writeTime(0x41, span.endTime);
  writeAttributes(writer, 0x4a, span.attributes);
  writeCount(0x50, span.droppedAttributesCount);
  for (const event of span.events) writeEvent(event);
  writeCount(0x60, span.droppedEventsCount);
  for (const link of span.links) writeLink(link);
  writeCount(0x70, span.droppedLinksCount);
  writer.tag(0x7a);
  const statusStart = writer.begin();
  if (status.message) writeText(0x12, status.message);
  writeCount(0x18, status.code);
  writer.end(statusStart);
  writeFlags(0x85, own.traceFlags, parent?.isRemote);
  writer.end(start);
}

/** `trace_id`, `span_id` and `trace_state`, which spans and links begin with. */
function writeIds({ traceId, spanId, traceState }: SpanContext): void {
  writer.tag(0x0a);
  writer.hex(traceId);
  writer.tag(0x12);
  writer.hex(spanId);
  const state = traceState?.serialize();
  if (state) writeText(0x1a, state);
}

function writeEvent({ name, time, attributes, droppedAttributesCount }: TimedEvent): void {
  writer.tag(0x5a);
  const start = writer.begin();
  writeTime(0x09, time);
  writeText(0x12, name);
  if (attributes) writeAttributes(writer, 0x1a, attributes);
  writeCount(0x20, droppedAttributesCount ?? 0);
  writer.end(start);
}

function writeLink({ context, attributes, droppedAttributesCount }: Link): void {
  writer.tag(0x6a);
  const start = writer.begin();
  writeIds(context);
  if (attributes) writeAttributes(writer, 0x22, attributes);
  writeCount(0x28, droppedAttributesCount ?? 0);
  writeFlags(0x35, context.traceFlags, context.isRemote);
  writer.end(start);
}

function writeText(tag: number, text: string): void {
  writer.tag(tag);
  writer.text(text);
}

/** Zero is what an absent number is. */
function writeCount(tag: number, count: number): void {
  if (count === 0) return;
  writer.tag(tag);
  writer.varint(count);
}

function writeTime(tag: number, [seconds, nanoseconds]: HrTime): void {
  writer.tag(tag);
  writer.nanoseconds(seconds, nanoseconds);
}

function writeFlags(tag: number, traceFlags: number, remote: boolean | undefined): void {
  writer.tag(tag);
  writer.fixed32((traceFlags & 0xff) | hasIsRemote | (remote ? isRemote : 0));
}
