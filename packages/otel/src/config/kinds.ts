import { formatSamplingRule, parseSamplingRules, type SamplingRule } from './sampling-rules.ts';

/** How the text of an environment variable becomes a value: one kind per shape, each able to say what it allows. */
export interface Kind<T> {
  /** What is allowed, in words, for warnings and the reference page. */
  readonly allowed: string;
  /** The value, or `undefined` when `text` (trimmed, never empty) is not allowed. */
  parse(text: string): T | undefined;
  /** A value as text; without it, text as it is and lists separated by commas. */
  format?(value: T): string;
}

/** Any text. */
export const text: Kind<string | undefined> = { allowed: 'any text', parse: (value) => value };

/** A host name or address. */
export const hostName: Kind<string> = {
  allowed: 'host name or IP address',
  parse: (value) => (/^[\w.:-]+$/.test(value) ? value : undefined),
};

/** `true` or `false` in any case (specification, "Boolean"). */
export const flag: Kind<boolean> = {
  allowed: '`true`, `false`',
  parse(value) {
    const lower = value.toLowerCase();
    if (lower === 'true') return true;
    return lower === 'false' ? false : undefined;
  },
};

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max = 2_147_483_647): Kind<number> {
  return {
    allowed: max === 2_147_483_647 ? `whole number from ${min}` : `whole number from ${min} to ${max}`,
    parse(value) {
      const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
      return number >= min && number <= max ? number : undefined;
    },
  };
}

/** Like {@link wholeNumber}, for limits that are absent by default. */
export function limit(min: number): Kind<number | undefined> {
  return wholeNumber(min);
}

/** A number from 0 to 1. */
export const ratio: Kind<number | undefined> = {
  allowed: 'number from 0 to 1',
  parse(value) {
    const number = /^\d*\.?\d+$/.test(value) ? Number(value) : Number.NaN;
    return number >= 0 && number <= 1 ? number : undefined;
  },
};

/** One of `values`, in any case. */
export function oneOf<const T extends string>(...values: readonly T[]): Kind<T> {
  return {
    allowed: values.map((value) => `\`${value}\``).join(', '),
    parse: (value) => values.find((candidate) => candidate === value.toLowerCase()),
  };
}

/** Like {@link oneOf}, for settings whose default is to be absent. */
export function maybeOneOf<const T extends string>(...values: readonly T[]): Kind<T | undefined> {
  return oneOf(...values);
}

/** Some of `values`, separated by commas; `none` stands alone and means the empty list. */
export function listOf<const T extends string>(...values: readonly T[]): Kind<readonly T[]> {
  const one = oneOf(...values);
  return {
    allowed: `${one.allowed} (several separated by commas), or \`none\``,
    parse(value) {
      const names = value.split(',').map((name) => name.trim());
      if (names.length === 1 && names[0]?.toLowerCase() === 'none') return [];
      const found = names.map((name) => one.parse(name));
      return found.every((name) => name !== undefined) ? [...new Set(found)] : undefined;
    },
  };
}

/** `key=value` pairs separated by commas, percent-encoded (W3C Baggage's header format, as OTLP headers and resource attributes are). */
export const pairs: Kind<Readonly<Record<string, string>>> = {
  allowed: '`key=value` pairs separated by commas, percent-encoded',
  parse(value) {
    const found: Record<string, string> = {};
    for (const part of value.split(',')) {
      if (part.trim() === '') continue;
      const separator = part.indexOf('=');
      const key = decode(part.slice(0, separator).trim());
      const decoded = decode(part.slice(separator + 1).trim());
      if (separator < 1 || !key || decoded === undefined) return undefined;
      found[key] = decoded;
    }
    return found;
  },
};

/** An `http://` or `https://` URL. */
export const url: Kind<string | undefined> = {
  allowed: 'URL that starts with `http://` or `https://`',
  parse(value) {
    const parsed = URL.parse(value);
    return parsed && /^https?:$/.test(parsed.protocol) ? value : undefined;
  },
};

/** A URL, or `host:port` as gRPC exporters take it. */
export const urlOrTarget: Kind<string | undefined> = {
  allowed: `${url.allowed}, or for gRPC \`host:port\``,
  parse: (value) => url.parse(value) ?? (/^[\w.[\]:-]+:\d{1,5}$/.test(value) ? value : undefined),
};

/** `[METHOD ]/path=share` separated by commas, or `none`. */
export const samplingRules: Kind<readonly SamplingRule[]> = {
  allowed: '`[METHOD ]/path=share` separated by commas, with a share from 0 to 1, or `none`',
  parse: (value) => (value.toLowerCase() === 'none' ? [] : parseSamplingRules(value)),
  format: (rules) => rules.map(formatSamplingRule).join(','),
};

/** Names of HTTP headers separated by commas; lower case. */
export const headerNames: Kind<readonly string[]> = {
  allowed: 'names of headers separated by commas',
  parse(value) {
    const names = value
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== '');
    return names.every((name) => /^[\w!#$%&'*+.^`|~-]+$/.test(name)) ? [...new Set(names)] : undefined;
  },
};

/** Names of query parameters separated by commas. */
export const names: Kind<readonly string[]> = {
  allowed: 'names separated by commas',
  parse: (value) =>
    value
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
};

function decode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
