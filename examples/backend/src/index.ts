export { startBackend, type Backend } from './backend.ts';
export { loadConfig, type Config } from './config.ts';
export { startEmbeddedPostgres, type EmbeddedPostgres } from './database/embedded-postgres.ts';
export { BackendError, type BackendErrorCode } from './errors.ts';
