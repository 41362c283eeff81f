/** What stands where something was taken out. */
export const REDACTED = '[REDACTED]';

const secretNames =
  'pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|authorization|credentials?|cookie|signature';

/** What is taken out, and what stays. */
const patterns: readonly (readonly [RegExp, string])[] = [
  // User and password of a URL, up to the last @ because passwords are not always encoded.
  [/([a-z][a-z\d+.-]*:\/\/)[^\s"'<>]*@/gi, `$1${REDACTED}@`],
  // Values in the query of a URL.
  [/([?&][^=&\s"']+=)[^&\s"')]+/g, `$1${REDACTED}`],
  [/\b(bearer|basic)(?:\s+|%20)[\w.~+/=-]{6,}/gi, `$1 ${REDACTED}`],
  [
    new RegExp(
      `([\\w-]*(?:${secretNames})[\\w-]*["']?\\s*(?:[=:]|,(?=["']))\\s*["']?)(?!\\[REDACTED\\])[^\\s"',;&]+`,
      'gi',
    ),
    `$1${REDACTED}`,
  ],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  // Tokens that are known by their shape: JSON Web Tokens, AWS, GitHub, GitLab, Slack, Google, Stripe and the like.
  [/\beyJ[\w-]{6,}(?:\.[\w-]*){0,2}/g, REDACTED],
  [/\b(?:AKIA|ASIA)[\dA-Z]{12,}/g, REDACTED],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|AIza|[rs]k[-_](?:live|test|proj|ant)[-_])[\w-]{8,}/g, REDACTED],
];

/** `line` without what looks like a secret: passwords in URLs, tokens, values of `password=` and the like. */
export function redact(line: string): string {
  return patterns.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
}

/** Letters and digits mixed, without anything that makes a name readable. */
const opaque = /(?=[^\s]*\d)(?=[^\s]*[a-z])[\w+/=~]{24,}/i;
const uuid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/i;

/** Whether a whole value could be a secret: {@link redact} would take something out, or it is long and unreadable. */
export function looksSecret(value: string): boolean {
  return redact(value) !== value || opaque.test(value) || uuid.test(value);
}

/** Scheme, host, port and path of a URL: what tells where telemetry goes and no more. */
export function redactUrl(value: string): string {
  const parsed = URL.parse(value);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return /^[\w.[\]:-]+:\d{1,5}$/.test(value) ? value : REDACTED;
  const path = parsed.pathname.split('/').some(looksSecret) ? `/${REDACTED}` : parsed.pathname;
  return `${parsed.protocol}//${parsed.host}${path === '/' ? '' : path}`;
}
