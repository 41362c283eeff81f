/** What a statement does and to which table, as far as its first words tell. */
export interface SqlSummary {
  /** `SELECT`, `INSERT`, …; `UNKNOWN` for something else. */
  operation: string;
  /** First table it names, without quotes; `undefined` when there is none. */
  table: string | undefined;
}

const operations = new Set(
  'SELECT INSERT UPDATE DELETE MERGE COPY BEGIN COMMIT ROLLBACK SAVEPOINT RELEASE SET SHOW CREATE ALTER DROP TRUNCATE CALL DO EXPLAIN ANALYZE VACUUM LISTEN UNLISTEN NOTIFY LOCK GRANT REVOKE FETCH DECLARE CLOSE DISCARD REFRESH VALUES START END REINDEX COMMENT PREPARE EXECUTE DEALLOCATE'.split(
    ' ',
  ),
);
const quotedOrPlain = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_][\w$]*)`;
const tableName = String.raw`(${quotedOrPlain}(?:\s*\.\s*${quotedOrPlain})?)`;
/** After FROM and JOIN a name with a parenthesis is a function; after INTO it is a table with its columns. */
const tableAfter = new RegExp(
  String.raw`\b(?:(?:FROM|JOIN)\s+(?:ONLY\s+)?${tableName}(?!\s*\(|[\w$."])|(?:INTO|UPDATE|TABLE|COPY)\s+(?:ONLY\s+|IF\s+(?:NOT\s+)?EXISTS\s+)*${tableName})`,
  'i',
);
/** Where FROM is a word of an expression: `extract(epoch FROM created_at)`, `trim(both FROM name)`, `a IS DISTINCT FROM b`. */
const otherFrom = /\b(?:EXTRACT|SUBSTRING|TRIM|OVERLAY)\s*\((?:[^()]|\([^()]*\))*\)|\bDISTINCT\s+FROM\b/gi;
const dataVerb = /\b(SELECT|INSERT|UPDATE|DELETE|MERGE)\b/i;

/** Characters of a statement that are looked at. */
const maxLength = 2000;
/** Summaries that are kept: statements of an application are few, because values are parameters. */
const maxKept = 500;
const kept = new Map<string, SqlSummary>();

/** Summarises a statement; the same text is looked at once. */
export function summarizeSql(statement: string): SqlSummary {
  const known = kept.get(statement);
  if (known) return known;
  const summary = summarize(statement);
  // A long text is a list of values more often than a statement that comes again.
  if (statement.length <= maxLength) {
    if (kept.size >= maxKept) kept.delete(kept.keys().next().value ?? '');
    kept.set(statement, summary);
  }
  return summary;
}

function summarize(statement: string): SqlSummary {
  const sql = withoutCommentsAndLiterals(statement.slice(0, maxLength));
  const first = /^[\s(;]*([A-Za-z]+)/.exec(sql)?.[1]?.toUpperCase() ?? '';
  const operation = first === 'WITH' ? mainVerb(sql) : operations.has(first) ? first : 'UNKNOWN';
  const [, from, into] = (operations.has(operation) && tableAfter.exec(afterCommonTables(sql, first))) || [];
  const table = from ?? into;
  return { operation, table: table?.replace(/"((?:[^"]|"")+)"/g, '$1').replace(/\s*\.\s*/g, '.') };
}

/** Text in literals and comments must not be taken for SQL. */
function withoutCommentsAndLiterals(sql: string): string {
  return sql
    .replace(/--[^\n]*/g, ' ')
    .replace(/\/\*[^]*?(?:\*\/|$)/g, ' ')
    .replace(/'(?:[^']|'')*(?:'|$)/g, "''")
    .replace(/\$(\w*)\$[^]*?(?:\$\1\$|$)/g, "''")
    .replace(otherFrom, ' ');
}

/** `WITH a AS (…) UPDATE …`: the verb after the last closing parenthesis at the outermost level. */
function mainVerb(sql: string): string {
  return dataVerb.exec(outerText(sql))?.[1]?.toUpperCase() ?? 'UNKNOWN';
}

function afterCommonTables(sql: string, first: string): string {
  return first === 'WITH' ? outerText(sql) : sql;
}

/** The text outside of all parentheses. */
function outerText(sql: string): string {
  let depth = 0;
  let outer = '';
  for (const character of sql) {
    if (character === '(') depth += 1;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) outer += character;
  }
  return outer;
}
