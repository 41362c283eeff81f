import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Settings } from '../config/read.ts';
import { secretHeaderAttributes } from './headers.ts';
import { withoutValues } from './query-text.ts';
import { UrlRedactor } from './url.ts';

const urlKeys = ['url.full', 'http.url', 'http.target', 'db.connection_string', 'messaging.url'] as const;
const queryTextKeys = ['db.query.text', 'db.statement'] as const;

/**
 * Takes out of every ended span what must not leave the process, whichever instrumentation put it there: secrets in
 * URLs, literals of SQL, arguments of Redis commands, secret headers. It has to be before the processors that export.
 */
export class PrivacySpanProcessor implements SpanProcessor {
  readonly #urls: UrlRedactor;
  readonly #secretHeaders: readonly string[];

  constructor(privacy: Settings['privacy']) {
    this.#urls = new UrlRedactor(privacy.secretQueryParameters);
    this.#secretHeaders = secretHeaderAttributes(privacy);
  }

  onStart(): void {}

  onEnd({ attributes }: ReadableSpan): void {
    this.#redactUrls(attributes);
    redactQueryText(attributes);
    for (const key of this.#secretHeaders) {
      if (attributes[key] !== undefined) attributes[key] = ['[REDACTED]'];
    }
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}

  #redactUrls(attributes: Attributes): void {
    const query = attributes['url.query'];
    if (typeof query === 'string') attributes['url.query'] = this.#urls.query(query);
    for (const key of urlKeys) {
      const url = attributes[key];
      if (typeof url === 'string') attributes[key] = this.#urls.url(url);
    }
  }
}

function redactQueryText(attributes: Attributes): void {
  for (const key of queryTextKeys) {
    const text = attributes[key];
    if (typeof text === 'string') {
      attributes[key] = withoutValues(text, attributes['db.system.name'] ?? attributes['db.system']);
    }
  }
}
