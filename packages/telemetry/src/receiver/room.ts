/** The bytes that one request holds, out of what all requests together may hold. */
export class Room {
  private taken = 0;
  private readonly shared: { bytes: number };
  private readonly maxBytes: number;

  /** @param shared the bytes that all requests hold */
  constructor(shared: { bytes: number }, maxBytes: number) {
    this.shared = shared;
    this.maxBytes = maxBytes;
  }

  /** Bytes that this request holds. */
  get bytes(): number {
    return this.taken;
  }

  /** Makes this request hold so many bytes in place of what it held; false, and no change, when that is too much for all. */
  resize(bytes: number): boolean {
    const total = this.shared.bytes - this.taken + bytes;
    if (total > this.maxBytes) return false;
    this.shared.bytes = total;
    this.taken = bytes;
    return true;
  }

  release(): void {
    this.resize(0);
  }
}
