import { JsonValues } from './json-attributes.ts';
import type { JsonObject } from './json-reader.ts';
import { JsonReader } from './json-reader.ts';
import type { DecodeLimits } from './limits.ts';
import { DecodeBudget } from './limits.ts';
import type { Origin } from './origin.ts';
import { SERVICE_NAME_KEY, UNKNOWN_SERVICE } from './record-rules.ts';

/** The keys under which a signal's messages lie, from the request to its records. */
export interface EnvelopeKeys {
  request: string;
  resourceGroups: string;
  scopeGroups: string;
  records: string;
}

/** Walks through the messages that all three export requests have alike, in OTLP/JSON, and calls `record` at each span, metric or log record. */
export class JsonEnvelope {
  readonly reader: JsonReader;
  readonly budget: DecodeBudget;
  readonly values: JsonValues;
  private readonly keys: EnvelopeKeys;

  constructor(keys: EnvelopeKeys, limits: DecodeLimits) {
    const reader = new JsonReader(keys.request, limits.maxDepth);
    this.reader = reader;
    this.budget = new DecodeBudget(limits, (reason) => reader.fail(reason));
    this.values = new JsonValues(reader, this.budget);
    this.keys = keys;
  }

  each(body: Uint8Array, record: (item: JsonObject, origin: Origin) => void): void {
    const { reader, keys } = this;
    reader.each(reader.parse(body), keys.resourceGroups, (resourceGroup) => {
      const resource = this.resource(resourceGroup);
      reader.each(resourceGroup, keys.scopeGroups, (scopeGroup) => {
        const origin = { ...resource, scopeName: this.scopeName(scopeGroup) };
        reader.each(scopeGroup, keys.records, (item) => record(item, origin));
      });
    });
  }

  private resource(group: JsonObject): Omit<Origin, 'scopeName'> {
    const origin = { serviceName: UNKNOWN_SERVICE, resource: '{}' };
    this.reader.child(group, 'resource', (resource) => {
      const { text, value } = this.values.attributes(resource, 'attributes', [SERVICE_NAME_KEY]);
      origin.resource = text;
      if (value !== '') origin.serviceName = value;
    });
    return origin;
  }

  private scopeName(group: JsonObject): string {
    let name = '';
    this.reader.child(group, 'scope', (scope) => {
      name = this.reader.string(scope, 'name');
    });
    return name;
  }
}
