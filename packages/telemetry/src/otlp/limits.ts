/** What one export request may decode to. A body within the size limit can still be built to blow up in memory: an empty log record is two bytes. */
export interface DecodeLimits {
  /** Messages inside each other, counted from the request. */
  maxDepth: number;
  /** Attributes of one resource, span, event, link, log record or data point, and entries of one key-value list. */
  maxAttributes: number;
  /** Spans, log records or data points of one request; and exemplars of one request. */
  maxRecords: number;
  /** Buckets or quantiles of one data point. */
  maxBuckets: number;
  /** Characters of JSON text that the attributes, events and so on of one request become. */
  maxTextLength: number;
}

export const defaultDecodeLimits: Readonly<DecodeLimits> = {
  // 6 messages lie above an attribute's value, so this leaves nearly 30 levels of lists and maps.
  maxDepth: 64,
  // Eight times the SDKs' default of 128.
  maxAttributes: 1024,
  maxRecords: 100_000,
  maxBuckets: 10_000,
  maxTextLength: 64 * 1024 * 1024,
};

/** What is left of a request's limits. `fail` raises the decoder's own error, which knows the place. */
export class DecodeBudget {
  private records = 0;
  private exemplars = 0;
  private textLength = 0;
  private readonly limits: DecodeLimits;
  private readonly fail: (reason: string) => never;

  constructor(limits: DecodeLimits, fail: (reason: string) => never) {
    this.limits = limits;
    this.fail = fail;
  }

  takeRecord(): void {
    this.records++;
    if (this.records > this.limits.maxRecords) {
      this.fail(`more than ${this.limits.maxRecords} records in one request; send smaller batches`);
    }
  }

  takeExemplar(): void {
    this.exemplars++;
    if (this.exemplars > this.limits.maxRecords) {
      this.fail(`more than ${this.limits.maxRecords} exemplars in one request; send smaller batches`);
    }
  }

  takeText(length: number): void {
    this.textLength += length;
    if (this.textLength > this.limits.maxTextLength) {
      this.fail(`the request expands to more than ${this.limits.maxTextLength} characters; send smaller batches`);
    }
  }

  checkAttributes(count: number): void {
    if (count > this.limits.maxAttributes) this.fail(`more than ${this.limits.maxAttributes} attributes`);
  }

  checkBuckets(count: number): void {
    if (count > this.limits.maxBuckets) this.fail(`more than ${this.limits.maxBuckets} buckets or quantiles`);
  }
}
