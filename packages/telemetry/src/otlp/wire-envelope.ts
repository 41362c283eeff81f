import { DecodeBudget } from './limits.ts';
import type { DecodeLimits } from './limits.ts';
import type { Origin } from './origin.ts';
import { SERVICE_NAME_KEY, UNKNOWN_SERVICE } from './record-rules.ts';
import { AttributeText } from './wire-attributes.ts';
import type { FieldTypes } from './wire-types.ts';
import { WireReader } from './wire-reader.ts';
import { skipField } from './wire-skip.ts';
import { WIRE_LENGTH, WIRE_VARINT } from './wire-types.ts';

const REQUEST: FieldTypes = { 1: WIRE_LENGTH };
/** ResourceSpans, ScopeSpans and their like for metrics and logs have the same three fields. */
const GROUP: FieldTypes = { 1: WIRE_LENGTH, 2: WIRE_LENGTH, 3: WIRE_LENGTH };
const RESOURCE: FieldTypes = { 1: WIRE_LENGTH, 2: WIRE_VARINT, 3: WIRE_LENGTH };
const SCOPE: FieldTypes = { 1: WIRE_LENGTH, 2: WIRE_LENGTH, 3: WIRE_LENGTH, 4: WIRE_VARINT };

/** The names of a signal's messages, for errors: of the request, of a resource's group and of a scope's group. */
export interface EnvelopeNames {
  request: string;
  resourceGroup: string;
  scopeGroup: string;
}

/** Walks through the messages that all three export requests have alike and calls `record` at each span, metric or log record. */
export class WireEnvelope {
  readonly reader: WireReader;
  readonly budget: DecodeBudget;
  private readonly names: EnvelopeNames;
  private readonly resource: AttributeText;

  constructor(body: Uint8Array, names: EnvelopeNames, limits: DecodeLimits) {
    const reader = new WireReader(body, names.request, limits.maxDepth);
    this.reader = reader;
    this.budget = new DecodeBudget(limits, (reason) => reader.fail(reason));
    this.resource = new AttributeText(reader, this.budget, [SERVICE_NAME_KEY]);
    this.names = names;
  }

  /** @param record reads one field that holds a record */
  each(record: (origin: Origin) => void): void {
    const { reader } = this;
    this.eachField(REQUEST, 0x0a, () => {
      reader.enter(this.names.resourceGroup);
      this.resourceGroup(record);
      reader.leave();
    });
  }

  /** The resource may lie after the records that it belongs to, so it is looked for first. */
  private resourceGroup(record: (origin: Origin) => void): void {
    const { reader, resource } = this;
    const start = reader.position;
    resource.reset();
    this.eachField(GROUP, 0x0a, () => this.readResource());
    const origin = { serviceName: resource.value() || UNKNOWN_SERVICE, resource: resource.text() };
    reader.position = start;
    this.eachField(GROUP, 0x12, () => {
      reader.enter(this.names.scopeGroup);
      this.scopeGroup(origin, record);
      reader.leave();
    });
  }

  private scopeGroup(origin: Omit<Origin, 'scopeName'>, record: (origin: Origin) => void): void {
    const { reader } = this;
    const start = reader.position;
    let scopeName = '';
    this.eachField(GROUP, 0x0a, () => {
      reader.enter('scope');
      this.eachField(SCOPE, 0x0a, () => {
        scopeName = reader.string();
      });
      reader.leave();
    });
    const full = { ...origin, scopeName };
    reader.position = start;
    this.eachField(GROUP, 0x12, () => record(full));
  }

  private readResource(): void {
    this.reader.enter('resource');
    this.eachField(RESOURCE, 0x0a, () => this.resource.add());
    this.reader.leave();
  }

  private eachField(types: FieldTypes, wanted: number, read: () => void): void {
    const { reader } = this;
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === wanted) read();
      else skipField(reader, tag, types);
    }
  }
}
