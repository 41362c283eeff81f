/** Everything that can be set from outside, in one place. Telemetry has no settings here: the preload reads `OTEL_*`. */
import { z } from 'zod';
import { BackendError } from './errors.ts';

const url = (...protocols: string[]) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
      error: `expected a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    })
    .optional();

const amqpUrl = url('amqp:', 'amqps:');

/** What PGlite's socket server lets in; see embedded-postgres-process.mts. */
const EMBEDDED_CONNECTIONS = 8;

const variables = z.object({
  /** Port of the API; 0 takes a free one. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  /** PostgreSQL; without it an embedded one is started and ended with the backend. */
  DATABASE_URL: url('postgres:', 'postgresql:'),
  /** Connections of the pool. */
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(100).default(6),
  /** Second cache layer; without it only the process's own memory caches. */
  REDIS_URL: url('redis:', 'rediss:'),
  CACHE_TTL_SECONDS: z.coerce.number().int().min(1).max(86_400).default(30),
  /** RabbitMQ for `user.events`; `RABBITMQ_URL` is another name for it. */
  AMQP_URL: amqpUrl,
  RABBITMQ_URL: amqpUrl,
  /** The ML service; without it a stand-in in this process scores. */
  ML_SERVICE_URL: url('http:', 'https:'),
  /** Share of deposits, 0 to 1, that the stand-in for the payment gateway refuses. */
  PAYMENT_FAILURE_RATE: z.coerce.number().min(0).max(1).default(0.05),
  /** Folder of the log files; without it the console is all there is. */
  LOG_DIRECTORY: z.string().min(1).optional(),
  /** How long requests in flight may take to end after SIGTERM. */
  SHUTDOWN_TIMEOUT_SECONDS: z.coerce.number().min(0).max(300).default(10),
});

const environment = variables.refine(
  ({ DATABASE_URL, DATABASE_POOL_SIZE }) => DATABASE_URL !== undefined || DATABASE_POOL_SIZE <= EMBEDDED_CONNECTIONS,
  {
    path: ['DATABASE_POOL_SIZE'],
    error: `the embedded PostgreSQL takes at most ${EMBEDDED_CONNECTIONS} connections; set DATABASE_URL for more`,
  },
);

export interface Config {
  port: number;
  host: string;
  databaseUrl: string | undefined;
  databasePoolSize: number;
  redisUrl: string | undefined;
  cacheTtlSeconds: number;
  amqpUrl: string | undefined;
  mlServiceUrl: string | undefined;
  /** 0 to 1. */
  paymentFailureRate: number;
  logDirectory: string | undefined;
  shutdownTimeoutSeconds: number;
}

/**
 * The configuration that `env` describes; an empty variable counts as absent.
 * @throws {BackendError} `INVALID_CONFIG` that names every wrong variable and what is allowed
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(set);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new BackendError('INVALID_CONFIG', `Configuration is wrong: ${problems.join('; ')}`);
  }
  const values = parsed.data;
  return {
    port: values.PORT,
    host: values.HOST,
    databaseUrl: values.DATABASE_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    redisUrl: values.REDIS_URL,
    cacheTtlSeconds: values.CACHE_TTL_SECONDS,
    amqpUrl: values.AMQP_URL ?? values.RABBITMQ_URL,
    mlServiceUrl: values.ML_SERVICE_URL,
    paymentFailureRate: values.PAYMENT_FAILURE_RATE,
    logDirectory: values.LOG_DIRECTORY,
    shutdownTimeoutSeconds: values.SHUTDOWN_TIMEOUT_SECONDS,
  };
}
