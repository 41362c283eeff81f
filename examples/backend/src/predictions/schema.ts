import { z } from 'zod';

export const modelTypeSchema = z.enum(['churn', 'value']);
export const predictionRequestSchema = z.object({ userId: z.uuid() });

/** `churn`: probability, 0 to 1, that the user leaves. `value`: money, in the user's currency, expected in twelve months. */
export type ModelType = z.infer<typeof modelTypeSchema>;

/** What the `prediction_type` label says of each model. */
export const predictionTypes: Record<ModelType, string> = { churn: 'classification', value: 'regression' };

/** What a model is told about a user. */
export interface UserFeatures {
  userId: string;
  transactionCount: number;
  deposited: number;
  withdrawn: number;
  daysSinceLastTransaction: number;
}

export const scoreSchema = z.object({
  score: z.number(),
  /** 0 to 1. */
  confidence: z.number().min(0).max(1),
  modelVersion: z.string().min(1).max(50),
});

export type Score = z.infer<typeof scoreSchema>;

export interface Prediction extends Score {
  id: string;
  userId: string;
  modelType: ModelType;
  createdAt: string;
}
