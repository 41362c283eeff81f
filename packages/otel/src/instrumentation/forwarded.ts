import type { IncomingHttpHeaders } from 'node:http';

/** Longest header of a proxy that is read, in characters. */
const maxLength = 4096;

/** A host as a client named it. */
export interface ServerAddress {
  address: string;
  port?: number;
}

/**
 * The host that the client asked for: `Forwarded` (RFC 7239), `X-Forwarded-Host`, `Host` or `:authority`, in the order
 * of the semantic conventions ("Setting server.address and server.port"). `scheme` gives the port when none is named.
 */
export function serverAddress(headers: IncomingHttpHeaders, scheme: string): ServerAddress | undefined {
  const host =
    forwardedValue(headers.forwarded, 'host') ??
    first(headers['x-forwarded-host']) ??
    headers.host ??
    first(headers[':authority']);
  if (host === undefined || host === '') return undefined;
  const forwardedScheme = forwardedValue(headers.forwarded, 'proto') ?? first(headers['x-forwarded-proto']);
  return splitHost(host, forwardedScheme ?? scheme);
}

/** The first client in `Forwarded` or `X-Forwarded-For`, without its port. */
export function clientAddress(headers: IncomingHttpHeaders): string | undefined {
  const address = forwardedValue(headers.forwarded, 'for') ?? first(headers['x-forwarded-for']);
  return address === undefined || address === '' ? undefined : splitHost(address, '').address;
}

/** The first element of a list in a header. */
function first(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined || text.length > maxLength) return undefined;
  const comma = text.indexOf(',');
  return (comma < 0 ? text : text.slice(0, comma)).trim() || undefined;
}

/** `name=value` or `name="value"` in the first element of `Forwarded`. */
function forwardedValue(header: string | undefined, name: string): string | undefined {
  const element = header === undefined ? undefined : first(header);
  if (element === undefined) return undefined;
  for (const pair of element.split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0 || pair.slice(0, equals).trim().toLowerCase() !== name) continue;
    return (
      pair
        .slice(equals + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1') || undefined
    );
  }
  return undefined;
}

/** `host`, `host:port`, `[v6]`, `[v6]:port` and a bare IPv6 address. */
function splitHost(host: string, scheme: string): ServerAddress {
  const bracket = host.startsWith('[') ? host.indexOf(']') : -1;
  const colon = host.indexOf(':', bracket < 0 ? 0 : bracket);
  const isBareV6 = bracket < 0 && colon >= 0 && host.includes(':', colon + 1);
  if (isBareV6) return withPort(host, undefined, scheme);
  const address = bracket > 0 ? host.slice(1, bracket) : colon < 0 ? host : host.slice(0, colon);
  return withPort(address, colon < 0 ? undefined : Number(host.slice(colon + 1)), scheme);
}

function withPort(address: string, named: number | undefined, scheme: string): ServerAddress {
  const port = named ?? (scheme === 'http' ? 80 : scheme === 'https' ? 443 : undefined);
  return port === undefined || !Number.isInteger(port) || port < 1 || port > 65_535 ? { address } : { address, port };
}
