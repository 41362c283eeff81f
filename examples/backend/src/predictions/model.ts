/** Where scores come from: the ML service where one is configured, else a stand-in in this process. */
import { setTimeout as wait } from 'node:timers/promises';
import { BackendError } from '../errors.ts';
import { scoreSchema, type ModelType, type Score, type UserFeatures } from './schema.ts';

const ML_SERVICE_TIMEOUT_MS = 3000;

export interface Model {
  /** @throws {BackendError} `ML_SERVICE_FAILED` */
  score(modelType: ModelType, features: UserFeatures): Promise<Score>;
}

/** Asks `POST {baseUrl}/predict/{modelType}` with the features as JSON. */
export function createRemoteModel(baseUrl: string): Model {
  return {
    async score(modelType, features) {
      try {
        const response = await fetch(new URL(`predict/${modelType}`, baseUrl.replace(/\/?$/, '/')), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(features),
          signal: AbortSignal.timeout(ML_SERVICE_TIMEOUT_MS),
        });
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        return scoreSchema.parse(await response.json());
      } catch (error) {
        throw new BackendError('ML_SERVICE_FAILED', 'The ML service did not answer as expected', { cause: error });
      }
    },
  };
}

/** Plausible scores after a plausible while. */
export function createLocalModel(random: () => number = Math.random): Model {
  return {
    async score(modelType, features) {
      await wait(8 + random() ** 3 * 150);
      const confidence = Math.min(0.99, 0.6 + features.transactionCount * 0.02);
      const score = modelType === 'churn' ? churnProbability(features) : expectedValue(features);
      return { score, confidence, modelVersion: 'local-1' };
    },
  };
}

function churnProbability({ daysSinceLastTransaction, transactionCount }: UserFeatures): number {
  return 1 / (1 + Math.exp(2 + transactionCount * 0.1 - daysSinceLastTransaction * 0.15));
}

function expectedValue({ deposited, withdrawn }: UserFeatures): number {
  return Math.max(0, Math.round((deposited - withdrawn) * 12 * 100) / 100);
}
