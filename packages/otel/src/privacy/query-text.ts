/** Characters of a statement that are kept; what follows is mostly values. */
const maxLength = 100_000;
/** Statements that are remembered: those of an application are few, because values are parameters. */
const maxKept = 500;
const maxKeptLength = 4000;
const kept = new Map<string, string>();

const comment = String.raw`--[^\n]*|\/\*[^]*?(?:\*\/|$)`;
const dollarQuoted = String.raw`\$([A-Za-z_]\w*)?\$[^]*?(?:\$\1\$|$)`;
const word = String.raw`[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*`;
const number = String.raw`\.?\d[\w.]*`;
const standard = new RegExp(
  [
    comment,
    String.raw`[eE]'(?:[^'\\]+|\\[^]|'')*(?:'|\\?$)`,
    String.raw`'(?:[^']+|'')*(?:'|$)`,
    dollarQuoted,
    String.raw`"(?:[^"]+|"")*(?:"|$)`,
    String.raw`\$\d+`,
    word,
    number,
  ].join('|'),
  'g',
);
/** MySQL's strings have backslashes and either quote, and its comments a third form. */
const mysql = new RegExp(
  [
    comment,
    String.raw`#[^\n]*`,
    String.raw`'(?:[^'\\]+|\\[^]|'')*(?:'|\\?$)`,
    String.raw`"(?:[^"\\]+|\\[^]|"")*(?:"|\\?$)`,
    '`[^`]*(?:`|$)',
    word,
    number,
  ].join('|'),
  'g',
);

/** `text` of a database of the kind `system` (`db.system.name`) without values: SQL without literals and comments, other commands without arguments. */
export function withoutValues(text: string, system: unknown): string {
  // Its instrumentation has replaced the values already, and the text is no SQL.
  if (system === 'mongodb') return text;
  if (system === 'redis' || system === 'memcached') return commandOnly(text);
  const key = system === 'mysql' || system === 'mariadb' ? `m${text}` : text;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const clean = withoutLiterals(text.slice(0, maxLength), key === text ? standard : mysql);
  if (text.length <= maxKeptLength) {
    if (kept.size >= maxKept) kept.delete(kept.keys().next().value ?? '');
    kept.set(key, clean);
  }
  return clean;
}

function commandOnly(text: string): string {
  const command = /^\s*(\S{1,40})/.exec(text)?.[1] ?? '';
  return command.length === text.trim().length ? command : `${command} ?`;
}

function withoutLiterals(sql: string, tokens: RegExp): string {
  return sql.replace(tokens, (token) => {
    if (/^(?:--|\/\*|#)/.test(token)) return ' ';
    if (/^(?:'|[eE]'|\.?\d|\$(?!\d))/.test(token)) return '?';
    // In MySQL a value more often than a name; in standard SQL always a name.
    if (token.startsWith('"')) return tokens === mysql ? '?' : token;
    return token;
  });
}
