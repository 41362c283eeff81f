/** Protobuf wire types (protobuf.dev/programming-guides/encoding). */
export const WIRE_VARINT = 0;
export const WIRE_64_BIT = 1;
export const WIRE_LENGTH = 2;
export const WIRE_START_GROUP = 3;
export const WIRE_END_GROUP = 4;
export const WIRE_32_BIT = 5;

/** The wire type of every field of a message that opentelemetry-proto knows, by field number. */
export type FieldTypes = Readonly<Record<number, number>>;
