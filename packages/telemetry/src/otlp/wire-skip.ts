import type { WireReader } from './wire-reader.ts';
import {
  WIRE_32_BIT,
  WIRE_64_BIT,
  WIRE_END_GROUP,
  WIRE_LENGTH,
  WIRE_START_GROUP,
  WIRE_VARINT,
  type FieldTypes,
} from './wire-types.ts';

/** Steps over a field that is not read. @throws {TelemetryError} when it is known to have another wire type */
export function skipField(reader: WireReader, tag: number, types: FieldTypes): void {
  const expected = types[tag >>> 3];
  if (expected !== undefined && expected !== (tag & 7)) {
    reader.fail(`field ${tag >>> 3} has wire type ${tag & 7} instead of ${expected}`);
  }
  skipValue(reader, tag, reader.maxDepth);
}

/** Steps over the value of an unknown field, of whatever wire type; groups, long out of use, are skipped with all they hold. */
function skipValue(reader: WireReader, tag: number, maxDepth: number): void {
  switch (tag & 7) {
    case WIRE_VARINT:
      reader.varint();
      return;
    case WIRE_64_BIT:
      reader.advance(8);
      return;
    case WIRE_LENGTH:
      reader.position = reader.lengthEnd();
      return;
    case WIRE_START_GROUP:
      skipGroup(reader, tag >>> 3, maxDepth);
      return;
    case WIRE_32_BIT:
      reader.advance(4);
      return;
    default:
      reader.fail(`field ${tag >>> 3} has the impossible wire type ${tag & 7}`);
  }
}

function skipGroup(reader: WireReader, field: number, maxDepth: number): void {
  if (maxDepth === 0) reader.fail('groups nested too deep');
  while (!reader.done) {
    const tag = reader.tag();
    if ((tag & 7) === WIRE_END_GROUP) {
      if (tag >>> 3 !== field) reader.fail(`group ${field} is ended as group ${tag >>> 3}`);
      return;
    }
    skipValue(reader, tag, maxDepth - 1);
  }
  reader.fail(`group ${field} has no end`);
}
