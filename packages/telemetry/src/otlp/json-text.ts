const QUOTE = 0x22;
const HEX_DIGITS = '0123456789abcdef';

/** For each byte below 0x80 that JSON text must escape, what stands for it (RFC 8259, section 7); written as JSON.stringify does. */
const escapes: (string | undefined)[] = Array.from({ length: 256 }, (_, byte) => escapeOf(byte));
/** 1 where `escapes` has an entry: a byte array is what the inner loop can read fastest. */
const mustEscape = Uint8Array.from(escapes, (escape) => (escape === undefined ? 0 : 1));

function escapeOf(byte: number): string | undefined {
  const short = { 8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r', 34: '\\"', 92: '\\\\' }[byte];
  if (short !== undefined) return short;
  return byte < 0x20 ? `\\u00${HEX_DIGITS[byte >> 4]}${HEX_DIGITS[byte & 15]}` : undefined;
}

/**
 * Builds JSON text as bytes: strings of an OTLP body are copied and escaped in one pass, and the text of all attributes
 * of a record becomes one JavaScript string at the end, instead of two for every attribute.
 */
export class JsonText {
  private bytes = Buffer.allocUnsafe(4096);
  /** Where the next byte goes. */
  length = 0;
  private ascii = true;

  /** Text that is ASCII and already JSON. */
  raw(text: string): void {
    this.reserve(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }

  byte(code: number): void {
    this.reserve(1);
    this.bytes[this.length++] = code;
  }

  /** A JSON string of the UTF-8 text that lies in `source` from `start` to `end`. Invalid UTF-8 becomes U+FFFD in `take`. */
  string(source: Uint8Array, start: number, end: number): void {
    this.reserve(end - start + 2);
    let { bytes, length } = this;
    let seen = 0;
    bytes[length++] = QUOTE;
    for (let i = start; i < end; i++) {
      const byte = source[i] as number;
      seen |= byte;
      if (mustEscape[byte] === 0) {
        bytes[length++] = byte;
      } else {
        this.length = length;
        this.raw(escapes[byte] ?? '');
        this.reserve(end - i);
        ({ bytes, length } = this);
      }
    }
    bytes[length] = QUOTE;
    this.length = length + 1;
    if (seen >= 0x80) this.ascii = false;
  }

  /** A JSON string of JavaScript text that needs no escapes (base64, digits, `NaN`). */
  plainString(text: string): void {
    this.byte(QUOTE);
    this.raw(text);
    this.byte(QUOTE);
  }

  clear(): void {
    this.length = 0;
    this.ascii = true;
  }

  /** All text since the last `take` or `clear`. */
  take(): string {
    const text = this.bytes.toString(this.ascii ? 'latin1' : 'utf8', 0, this.length);
    this.clear();
    return text;
  }

  private reserve(size: number): void {
    const needed = this.length + size;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}
