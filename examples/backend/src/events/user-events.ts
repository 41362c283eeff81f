import { z } from 'zod';

/** The queue that user events are published to. */
export const USER_EVENTS_QUEUE = 'user.events';

export const userEventSchema = z.object({
  type: z.enum(['user.registered', 'transaction.completed', 'prediction.made']),
  userId: z.uuid(),
  occurredAt: z.iso.datetime(),
  details: z.record(z.string(), z.unknown()),
});

/** What happened to a user, for other services. */
export type UserEvent = z.infer<typeof userEventSchema>;

export interface UserEvents {
  /** Publishes without waiting; while the broker is away, events are dropped and counted, which is logged. */
  publish(type: UserEvent['type'], userId: string, details: UserEvent['details']): void;
  close(): Promise<void>;
}

/** Stands in where no broker is configured. */
export const noUserEvents: UserEvents = {
  publish: () => undefined,
  close: () => Promise.resolve(),
};
