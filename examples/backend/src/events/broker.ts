/** User events over RabbitMQ: publishes to `user.events` and consumes it. Reconnects by itself. */
import { connect, type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { reasonOf } from '../errors.ts';
import type { AppLogger } from '../logging.ts';
import { USER_EVENTS_QUEUE, userEventSchema, type UserEvent, type UserEvents } from './user-events.ts';

const CONNECT_TIMEOUT_MS = 5000;
const RECONNECT_DELAY_MS = 5000;
const PREFETCH = 20;

/** Resolves when the first attempt to connect has succeeded or failed; it never rejects. */
export async function connectUserEvents(amqpUrl: string, log: AppLogger): Promise<UserEvents> {
  let connection: ChannelModel | undefined;
  let channel: Channel | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;
  let away = false;
  let dropped = 0;

  const open = async () => {
    retry = undefined;
    const opened = await connect(amqpUrl, { timeout: CONNECT_TIMEOUT_MS });
    connection = opened;
    // 'close' follows every 'error'; unheard, the error would end the process.
    opened.on('error', () => undefined);
    const lost = (reason: string) => connection === opened && lose(reason);
    opened.on('close', (error?: Error) => lost(error?.message ?? 'the connection was closed'));
    if (closed) return lose('closed');
    const consuming = await openChannel(opened, log, lost);
    if (connection !== opened) return;
    channel = consuming;
    if (away) log.info('RabbitMQ is back', { droppedEvents: dropped });
    away = false;
    dropped = 0;
  };
  const lose = (reason: string) => {
    const broken = connection;
    connection = undefined;
    channel = undefined;
    // A connection that is closed already says so by rejecting.
    broken?.close().catch(() => undefined);
    if (closed || retry) return;
    if (!away) log.warn('RabbitMQ is away, user events are dropped until it is back', { reason });
    away = true;
    retry = setTimeout(() => void start(), RECONNECT_DELAY_MS).unref();
  };
  const start = () => open().catch((error: unknown) => lose(reasonOf(error)));
  await start();

  return {
    publish(type, userId, details) {
      const event: UserEvent = { type, userId, occurredAt: new Date().toISOString(), details };
      if (!channel) dropped += 1;
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

/** A channel that consumes the queue. `lost` is told when it ends although the connection has not, as when the queue is deleted. */
async function openChannel(connection: ChannelModel, log: AppLogger, lost: (reason: string) => void): Promise<Channel> {
  const channel = await connection.createChannel();
  channel.on('error', (error: Error) => lost(error.message));
  await channel.assertQueue(USER_EVENTS_QUEUE, { durable: true });
  await channel.prefetch(PREFETCH);
  await channel.consume(USER_EVENTS_QUEUE, (message) => {
    if (message) consume(channel, message, log);
    else lost(`the broker stopped delivering from ${USER_EVENTS_QUEUE}`);
  });
  return channel;
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
