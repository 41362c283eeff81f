import type { RequestHandler } from 'express';
import type { Pool } from 'pg';

const PROBE_TIMEOUT_MS = 1000;

/** 200 when the database answers within a second, else 503. */
export function health(pool: Pool): RequestHandler {
  return async (_request, response) => {
    const up = await Promise.race([
      pool.query('SELECT 1').then(
        () => true,
        () => false,
      ),
      new Promise<boolean>((resolve) => setTimeout(resolve, PROBE_TIMEOUT_MS, false).unref()),
    ]);
    response.status(up ? 200 : 503).json({
      status: up ? 'ok' : 'unavailable',
      database: up ? 'up' : 'down',
      uptimeSeconds: Math.round(process.uptime()),
    });
  };
}
