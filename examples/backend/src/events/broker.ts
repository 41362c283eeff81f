/** User events over RabbitMQ: publishes to `user.events` and consumes it. Reconnects by itself. */
import { connect, type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import type { AppLogger } from '../logging.ts';
import { USER_EVENTS_QUEUE, userEventSchema, type UserEvent, type UserEvents } from './user-events.ts';

const RECONNECT_DELAY_MS = 5000;
const PREFETCH = 20;

export function connectUserEvents(amqpUrl: string, log: AppLogger): UserEvents {
  let connection: ChannelModel | undefined;
  let channel: Channel | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;
  let away = false;

  const open = async () => {
    connection = await connect(amqpUrl, { timeout: 5000 });
    // 'close' follows every 'error'; unheard, the error would end the process.
    connection.on('error', () => undefined);
    connection.on('close', (error?: Error) => reconnect(error?.message ?? 'the connection was closed'));
    const opened = await connection.createChannel();
    await opened.assertQueue(USER_EVENTS_QUEUE, { durable: true });
    await opened.prefetch(PREFETCH);
    await opened.consume(USER_EVENTS_QUEUE, (message) => message && consume(opened, message, log));
    channel = opened;
    if (away) log.info('RabbitMQ is back');
    away = false;
  };
  const reconnect = (reason: string) => {
    channel = undefined;
    if (closed) return;
    if (!away) log.warn('RabbitMQ is away, user events are dropped until it is back', { reason });
    away = true;
    retry = setTimeout(start, RECONNECT_DELAY_MS).unref();
  };
  const start = () => void open().catch((error: Error) => reconnect(error.message));
  start();

  return {
    publish(type, userId, details) {
      const event: UserEvent = { type, userId, occurredAt: new Date().toISOString(), details };
      channel?.sendToQueue(USER_EVENTS_QUEUE, Buffer.from(JSON.stringify(event)), {
        contentType: 'application/json',
        persistent: true,
      });
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      await connection?.close().catch(() => undefined);
    },
  };
}

function consume(channel: Channel, message: ConsumeMessage, log: AppLogger): void {
  try {
    const event = userEventSchema.parse(JSON.parse(message.content.toString('utf8')));
    log.logUserAction(event.userId, event.type, event.details);
    channel.ack(message);
  } catch (error) {
    log.warn('A message of the user.events queue was not understood and is dropped', { reason: String(error) });
    channel.nack(message, false, false);
  }
}
