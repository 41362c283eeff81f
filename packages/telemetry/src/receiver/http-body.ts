import type { IncomingMessage } from 'node:http';
import type { Failure } from './failure.ts';
import { noRoom, tooLarge } from './failure.ts';
import type { ReceiverLimits } from './limits.ts';
import type { Room } from './room.ts';

/** A body that was read, the reason why it was not, or `gone` when the client went away. */
export type BodyOutcome = Buffer | Failure | 'gone';

/** The length that a request announces; 0 when it says none. */
export function announcedLength(request: IncomingMessage): number {
  return Number(request.headers['content-length'] ?? 0);
}

/** Reads a request's body of at most `maxBodyBytes` within `bodyTimeoutMs`; `room` grows as its bytes arrive. */
export function readBody(request: IncomingMessage, limits: ReceiverLimits, room: Room): Promise<BodyOutcome> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => finish(bodyTimeout(limits.bodyTimeoutMs)), limits.bodyTimeoutMs);
    const finish = (outcome: BodyOutcome): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      resolve(outcome);
    };
    const onData = (chunk: Buffer): void => {
      const bytes = room.bytes + chunk.length;
      if (bytes > limits.maxBodyBytes) finish(tooLarge(limits.maxBodyBytes, 'The body'));
      else if (room.resize(bytes)) chunks.push(chunk);
      else finish(noRoom(limits));
    };
    const onEnd = (): void => finish(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    const onClose = (): void => finish('gone');
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

function bodyTimeout(timeoutMs: number): Failure {
  const message = `The body did not arrive within ${timeoutMs} ms`;
  return { httpStatus: 408, status: { code: 'UNAVAILABLE', message } };
}
