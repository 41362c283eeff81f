const REDACTED = 'REDACTED';

/** Names of parameters whose value is a secret: those of the semantic conventions (`url.query`), and those that say so. */
const secretName =
  /^(?:awsaccesskeyid|signature|sig|x-(?:amz|goog)-(?:signature|credential|security-token)|auth|code|key|otp|pin|cpf|cvv|state)$|pass(?:word|wd|phrase|code)?$|pwd|secret|token|jwt|api[-_]?key|access[-_]?key|private[-_]?key|authorization|credential|session[-_]?id|card[-_]?number/i;
/** Longest name that is looked at; a longer one is nobody's. */
const maxNameLength = 200;

/** The authority's user and password, up to the last @: passwords are not always encoded. */
const userInfo = /^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i;

/** Takes secrets out of URLs and queries; `more` are names of the settings. */
export class UrlRedactor {
  readonly #more: ReadonlySet<string>;

  constructor(more: readonly string[]) {
    this.#more = new Set(more.map((name) => name.toLowerCase()));
  }

  /** A query, or a fragment of the same form, with or without the mark before it. */
  query(query: string): string {
    if (!query.includes('=')) return query;
    return query.replace(/([^=&?#;]+)=[^&#;]*/g, (pair, name: string) =>
      this.#isSecret(name) ? `${name}=${REDACTED}` : pair,
    );
  }

  /** A whole URL: user and password, query and fragment. */
  url(url: string): string {
    const anonymous = url.includes('@') ? url.replace(userInfo, `$1${REDACTED}:${REDACTED}@`) : url;
    const mark = anonymous.search(/[?#]/);
    return mark < 0 ? anonymous : anonymous.slice(0, mark) + this.query(anonymous.slice(mark));
  }

  #isSecret(encoded: string): boolean {
    if (encoded.length > maxNameLength) return false;
    const name = encoded.includes('%') ? decode(encoded) : encoded;
    // `filter[token]` and `user.password` end in what they are.
    const plain = name.replace(/\]+$/, '');
    return secretName.test(plain) || (this.#more.size > 0 && this.#more.has(name.toLowerCase()));
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
