/** What the simulated clients do, and how often. */
import type { Answer, LoadClient } from './client.ts';

const MAX_KNOWN_USERS = 500;
/** Most traffic is about few users, as in life; it is also what makes a cache hit. */
const POPULAR_USERS = 10;
const UNKNOWN_USER = '00000000-0000-4000-8000-000000000000';

export interface LoadContext {
  client: LoadClient;
  /** IDs of users that were registered by this run, at most 500. */
  userIds: string[];
  random: () => number;
}

export interface Scenario {
  name: string;
  /** Share of the traffic, relative to the others. */
  weight: number;
  run(context: LoadContext): Promise<Answer>;
}

const pick = <T>(values: readonly T[], random: () => number): T | undefined =>
  values[Math.floor(random() * values.length)];

function someUser({ userIds, random }: LoadContext): string {
  const popular = random() < 0.7 ? userIds.slice(0, POPULAR_USERS) : userIds;
  return pick(popular, random) ?? UNKNOWN_USER;
}

async function register(context: LoadContext): Promise<Answer> {
  const { client, userIds, random } = context;
  const handle = Math.floor(random() * 2 ** 48).toString(36);
  const answer = await client.send('POST', '/api/users', {
    body: {
      name: `${pick(['Ana', 'Bruno', 'Carla', 'Diego', 'Elisa', 'Felipe'], random)} ${handle}`,
      email: `${handle}@example.com`,
      country: pick(['BR', 'BR', 'BR', 'PT', 'AR', 'MX'], random),
      source: pick(['organic', 'ads', 'affiliate', 'referral'], random),
    },
  });
  if (answer.status === 201 && userIds.length < MAX_KNOWN_USERS) userIds.push((answer.body as { id: string }).id);
  return answer;
}

function move(context: LoadContext, kind: 'deposits' | 'withdrawals', largest: number): Promise<Answer> {
  const amount = Math.ceil(context.random() ** 3 * largest * 100) / 100;
  return context.client.send('POST', `/api/transactions/${kind}`, { body: { userId: someUser(context), amount } });
}

const predict = (context: LoadContext, model: string) =>
  context.client.send('POST', `/api/predictions/${model}`, { body: { userId: someUser(context) } });

export const scenarios: readonly Scenario[] = [
  { name: 'read a user', weight: 28, run: (context) => context.client.send('GET', `/api/users/${someUser(context)}`) },
  {
    name: 'search users',
    weight: 12,
    run: ({ client, random }) =>
      client.send('GET', `/api/users?search=${pick(['ana', 'bru', 'el', '7'], random)}&limit=10`),
  },
  { name: 'register', weight: 10, run: register },
  { name: 'deposit', weight: 14, run: (context) => move(context, 'deposits', 5000) },
  { name: 'withdraw', weight: 8, run: (context) => move(context, 'withdrawals', 900) },
  {
    name: 'history',
    weight: 10,
    run: (context) => context.client.send('GET', `/api/transactions/users/${someUser(context)}`),
  },
  { name: 'predict churn', weight: 5, run: (context) => predict(context, 'churn') },
  { name: 'predict value', weight: 4, run: (context) => predict(context, 'value') },
  { name: 'report (slow)', weight: 2, run: ({ client }) => client.send('GET', '/api/transactions/report?days=30') },
  {
    name: 'report, aborted',
    weight: 1,
    run: ({ client }) => client.send('GET', '/api/transactions/report?days=90', { abortAfterMs: 100 }),
  },
  {
    name: 'bad input',
    weight: 3,
    run: ({ client }) => client.send('POST', '/api/users', { body: { name: '', country: 'Brazil' } }),
  },
  { name: 'unknown user', weight: 2, run: ({ client }) => client.send('GET', `/api/users/${UNKNOWN_USER}`) },
  {
    name: 'unknown page',
    weight: 1,
    run: ({ client, random }) => client.send('GET', `/wp-admin/${Math.floor(random() * 1000)}.php`),
  },
];
