import protobuf from 'protobufjs';

/** The part of opentelemetry-proto v1 that traces need, as the peer reads it. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message AnyValue {
    oneof value {
      string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
      ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
    }
  }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValueList { repeated KeyValue values = 1; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
  message InstrumentationScope { string name = 1; string version = 2; }
  message Request { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
  message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5;
    int32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
    repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10; repeated Event events = 11;
    uint32 dropped_events_count = 12; repeated Link links = 13; uint32 dropped_links_count = 14; Status status = 15;
    fixed32 flags = 16;
  }
  message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
  message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4; }
  message Status { string message = 2; int32 code = 3; }
`);

export const requestType = root.lookupType('Request');
export const SPANS_PER_REQUEST = 512;
export const SPANS_PER_TRACE = 8;

/** What instrumentation of an HTTP server with a database behind it sends: 10 attributes a span, about 420 bytes. */
export function encodeRequest(): Buffer {
  const spans = Array.from({ length: SPANS_PER_REQUEST }, (_, index) => spanOf(index));
  const resource = {
    attributes: attributes({ 'service.name': 'backend', 'service.version': '1.4.2', 'host.name': 'node-7' }),
  };
  const scopeSpans = [{ scope: { name: '@opentelemetry/instrumentation-http', version: '0.301.0' }, spans }];
  const message = requestType.fromObject({ resourceSpans: [{ resource, scopeSpans }] });
  return Buffer.from(requestType.encode(message).finish());
}

/** Makes the requests of one benchmark differ: each has traces of its own. */
export class RequestSource {
  private readonly template = encodeRequest();
  private readonly traceIdOffsets = Array.from({ length: SPANS_PER_REQUEST }, (_, index) => this.offsetOf(index));
  private sent = 0;

  /** A request whose trace IDs no other has; `traceId(n)` of the traces sent so far are in it. */
  next(): Buffer {
    const body = Buffer.from(this.template);
    for (const [index, offset] of this.traceIdOffsets.entries()) {
      body.writeUInt32BE(this.sent + 1, offset);
      body.writeUInt32BE(Math.floor(index / SPANS_PER_TRACE), offset + 4);
    }
    this.sent += 1;
    return body;
  }

  /** The ID of a trace of the request that was the `request`th. */
  static traceId(request: number, trace: number): string {
    const id = Buffer.alloc(16, TRACE_ID_FILL);
    id.writeUInt32BE(request, 0);
    id.writeUInt32BE(trace, 4);
    return id.toString('hex');
  }

  /** Each span's ID is written once, right after its trace ID. */
  private offsetOf(index: number): number {
    return this.template.indexOf(Buffer.concat([Buffer.from([0x12, 8]), spanId(index)])) - 16;
  }
}

const TRACE_ID_FILL = 0xab;

function spanOf(index: number): Record<string, unknown> {
  const start = BigInt(Date.now()) * 1_000_000n;
  const isRoot = index % SPANS_PER_TRACE === 0;
  return {
    traceId: Buffer.alloc(16, TRACE_ID_FILL),
    spanId: spanId(index),
    parentSpanId: isRoot ? Buffer.alloc(0) : spanId(index - (index % SPANS_PER_TRACE)),
    name: isRoot ? 'GET /api/users/:id' : 'SELECT users',
    kind: isRoot ? 2 : 3,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 12_000_000n),
    attributes: attributes({
      'http.request.method': 'GET',
      'url.path': `/api/users/${index}`,
      'url.scheme': 'http',
      'http.route': '/api/users/:id',
      'http.response.status_code': 200,
      'server.address': 'localhost',
      'server.port': 3000,
      'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64)',
      'network.peer.address': '127.0.0.1',
      'correlation.id': `req-${index}`,
    }),
    status: {},
  };
}

function spanId(index: number): Buffer {
  const id = Buffer.alloc(8, 0x5a);
  id.writeUInt32BE(index + 1, 4);
  return id;
}

function attributes(values: Record<string, string | number>): object[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
  }));
}
