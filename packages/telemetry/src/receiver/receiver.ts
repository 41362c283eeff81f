import type { TelemetryWriter } from '../model.ts';
import type { ReceiverCounts } from './counts.ts';
import type { ReceiverLimits } from './limits.ts';

export interface ReceiverOptions {
  /** Address to listen on, `127.0.0.1` for this machine only. */
  host: string;
  /** 0 picks a free port. */
  port: number;
  /** Gets every decoded batch. */
  writer: TelemetryWriter;
  /** Where they differ from `defaultReceiverLimits`. */
  limits?: Partial<ReceiverLimits>;
}

export interface Receiver {
  /** The port that is listened on. */
  readonly port: number;
  /** What was received since start. */
  counts(): ReceiverCounts;
  /** Takes no more, finishes what is in flight (at most `closeTimeoutMs`) and closes all connections. */
  close(): Promise<void>;
}
