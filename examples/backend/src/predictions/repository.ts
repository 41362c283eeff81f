import type { Pool } from 'pg';
import { firstRow } from '../database/row.ts';
import type { ModelType, Prediction, Score, UserFeatures } from './schema.ts';

export interface PredictionRepository {
  features(userId: string): Promise<UserFeatures>;
  add(userId: string, modelType: ModelType, score: Score): Promise<Prediction>;
}

export function createPredictionRepository(pool: Pool): PredictionRepository {
  return {
    async features(userId) {
      return firstRow(
        await pool.query<UserFeatures>(
          `SELECT $1::text AS "userId", count(*)::int AS "transactionCount",
                  coalesce(sum(amount) FILTER (WHERE type = 'deposit'), 0)::float8 AS deposited,
                  coalesce(sum(amount) FILTER (WHERE type = 'withdrawal'), 0)::float8 AS withdrawn,
                  coalesce(extract(epoch FROM now() - max(created_at)) / 86400, 365)::float8 AS "daysSinceLastTransaction"
             FROM transactions WHERE user_id = $1::uuid AND status = 'completed'`,
          [userId],
        ),
      );
    },

    async add(userId, modelType, { score, confidence, modelVersion }) {
      return firstRow(
        await pool.query<Prediction>(
          `INSERT INTO predictions (user_id, model_type, model_version, score, confidence) VALUES ($1, $2, $3, $4, $5)
           RETURNING id, user_id AS "userId", model_type AS "modelType", model_version AS "modelVersion", score, confidence,
                     created_at AS "createdAt"`,
          [userId, modelType, modelVersion, score, confidence],
        ),
      );
    },
  };
}
