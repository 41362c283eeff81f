import { describe, expect, it } from 'vitest';
import { createReporter } from './reporter.ts';
import { looksSecret, redact, redactUrl } from './redact.ts';
import { shownSettings } from './shown-settings.ts';

/** Never in any output, in whatever it is wrapped. */
const secrets = {
  password: 'hunter2!x',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVPmB92K27uhbUJU1p1r',
  aws: 'AKIAIOSFODNN7EXAMPLE',
  github: 'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  slack: 'xoxb-123456789012-abcdefGHIJKL',
  stripe: 'sk_live_4eC39HqLyjWDarjtT1zdp7dc',
  opaque: 'Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ub3A',
  hex: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  uuid: 'c2d8b7f0-3f1e-4c0a-9d5e-0a1b2c3d4e5f',
};

const lines: readonly (readonly [string, string])[] = [
  [`connect to https://user:${secrets.password}@collector:4318 failed`, secrets.password],
  [`connect to postgres://user:p@ss${secrets.password}@db/x failed`, secrets.password],
  [`GET http://collector/v1/traces?api=${secrets.opaque}&b=1 failed`, secrets.opaque],
  [`Authorization: Bearer ${secrets.opaque}`, secrets.opaque],
  [`authorization=Basic%20${secrets.opaque}`, secrets.opaque],
  [`{"password":"${secrets.password}"}`, secrets.password],
  [`[["db.password","${secrets.password}"],["b","c"]]`, secrets.password],
  [`x-api-key=${secrets.password},other=1`, secrets.password],
  [`DB_PASSWORD=${secrets.password}`, secrets.password],
  [`client_secret: '${secrets.password}'`, secrets.password],
  [`token ${secrets.jwt} refused`, secrets.jwt],
  [`no access for ${secrets.aws}`, secrets.aws],
  [`git: ${secrets.github}`, secrets.github],
  [`slack: ${secrets.slack}`, secrets.slack],
  [`pay: ${secrets.stripe}`, secrets.stripe],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----', 'MIIEow'],
];

describe('redact', () => {
  it.each(lines)('%s', (line, secret) => {
    expect(redact(line)).not.toContain(secret);
    expect(redact(line)).toContain('[REDACTED]');
    const written: string[] = [];
    createReporter((text) => written.push(text)).say(line);
    expect(written.join('')).not.toContain(secret);
  });

  it.each([
    'telemetry cannot be delivered to http://127.0.0.1:4318 (ECONNREFUSED): it is dropped until it can',
    'OTEL_TRACES_EXPORTER="jeager" is not allowed (`otlp`, `console`); using otlp',
    'OTEL_EXPORTER_OTLP_HEADERS=[REDACTED] is not allowed (`key=value` pairs separated by commas); using none',
    'spans are being dropped (queue full)',
  ])('leaves alone: %s', (line) => {
    expect(redact(line)).toBe(line);
  });
});

describe('the settings that are shown', () => {
  const wrappings: readonly ((secret: string) => string)[] = [
    (secret) => secret,
    (secret) => `Bearer ${secret}`,
    (secret) => `https://user:${secret}@host:4318/v1?key=${secret}`,
    (secret) => `https://host:4318/${secret}/v1`,
    (secret) => `authorization=${secret}`,
    (secret) => `http://host/?${secret}#${secret}`,
  ];
  const variables = [
    'OTEL_SERVICE_NAME',
    'OTEL_RESOURCE_ATTRIBUTES',
    'OTEL_EXPORTER_OTLP_HEADERS',
    'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
    'OTEL_EXPORTER_OTLP_CLIENT_KEY',
    'OTEL_TRACES_EXPORTER',
    'OTEL_TRACES_SAMPLER_ARG',
    'OTEL_EXPORTER_OTLP_PROTOCOL',
    'OTEL_EXPORTER_PROMETHEUS_HOST',
    'OTEL_LOG_LEVEL',
    'OTEL_SOMETHING_NEW',
    'OTEL_EXPORTER_JAEGER_PASSWORD',
    'CRMBET_OTEL_TOKEN',
  ];

  it.each(variables)('%s never shows a secret', (name) => {
    // A password that looks like a word cannot be told from a name.
    for (const [kind, secret] of Object.entries(secrets)) {
      for (const wrap of wrappings) {
        if (kind === 'password' && wrap === wrappings[0]) continue;
        if (kind === 'password' && wrap(secret).includes(`/${secret}/`)) continue;
        const shown = shownSettings({ [name]: wrap(secret) }).join(' ');
        expect(shown).not.toContain(secret);
        expect(shown).toMatch(new RegExp(`^${name}=`));
      }
    }
  });

  it('are those that help, sorted; other variables are not mentioned', () => {
    const env = {
      OTEL_SERVICE_NAME: 'shop',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://me:secret@collector.example:4318/otlp?x=1',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=b',
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_TRACES_EXPORTER: 'nonsense',
      OTEL_LOGS_EXPORTER: '',
      DATABASE_URL: 'postgres://a:b@c/d',
    };
    expect(shownSettings(env)).toEqual([
      'OTEL_BSP_SCHEDULE_DELAY=100',
      'OTEL_EXPORTER_OTLP_ENDPOINT=https://collector.example:4318/otlp',
      'OTEL_EXPORTER_OTLP_HEADERS=[REDACTED]',
      'OTEL_SERVICE_NAME=shop',
      'OTEL_TRACES_EXPORTER=[REDACTED]',
    ]);
  });
});

it('a URL keeps what says where it goes', () => {
  expect(redactUrl('http://127.0.0.1:4318')).toBe('http://127.0.0.1:4318');
  expect(redactUrl('collector:4317')).toBe('collector:4317');
  expect(redactUrl('https://u:p@c:1/v1/traces?t=1#f')).toBe('https://c:1/v1/traces');
  expect(redactUrl('nonsense')).toBe('[REDACTED]');
});

it('names are no secrets', () => {
  for (const name of ['shop', 'crm-backend', '@crmbet/otel', 'payments-service-v2', 'eu-west-1.example.internal']) {
    expect(looksSecret(name)).toBe(false);
  }
});
