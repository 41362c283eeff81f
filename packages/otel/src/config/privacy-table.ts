import { headerNames, names } from './kinds.ts';
import { setting } from './setting.ts';

const prefix = 'OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_';

function headers(side: 'SERVER' | 'CLIENT', message: 'REQUEST' | 'RESPONSE') {
  const spans = side === 'SERVER' ? 'server' : 'client';
  const shown = message.toLowerCase();
  return setting(
    `${prefix}${side}_${message}`,
    headerNames,
    [],
    `Headers of ${shown}s that ${spans} spans carry as \`http.${shown}.header.<name>\`; of secret ones (\`authorization\`, \`cookie\`, …) the value is always \`[REDACTED]\`.`,
  );
}

/** What may leave the process beyond what is safe. */
export const privacySettings = {
  serverRequestHeaders: headers('SERVER', 'REQUEST'),
  serverResponseHeaders: headers('SERVER', 'RESPONSE'),
  clientRequestHeaders: headers('CLIENT', 'REQUEST'),
  clientResponseHeaders: headers('CLIENT', 'RESPONSE'),
  secretQueryParameters: setting(
    'CRMBET_OTEL_SECRET_QUERY_PARAMETERS',
    names,
    [],
    'More query parameters whose value is `REDACTED` in URLs, beside those whose names say that they are secret (`token`, `password`, `api_key`, `sig`, …).',
  ),
};
