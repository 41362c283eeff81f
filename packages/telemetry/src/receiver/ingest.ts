import type { TelemetryWriter } from '../model.ts';
import { decodeOtlp } from '../otlp/decode.ts';
import type { DecodedRequest } from '../otlp/decoded.ts';
import { batchSize } from '../otlp/decoded.ts';
import type { OtlpEncoding, Signal } from '../otlp/signal.ts';
import type { ReceiverCounts } from './counts.ts';
import { copyCounts, newCounts } from './counts.ts';
import type { ReceiverLimits } from './limits.ts';
import { Room } from './room.ts';

/** What the protocol's partial success says. */
export interface IngestResult {
  rejected: number;
  message: string;
}

/** From a decompressed body to the store, for both transports: decodes, writes and counts, and bounds what is held meanwhile. */
export class Ingest {
  private readonly writer: TelemetryWriter;
  private readonly limits: ReceiverLimits;
  private readonly totals = newCounts();
  private readonly inFlight = { bytes: 0 };

  constructor(writer: TelemetryWriter, limits: ReceiverLimits) {
    this.writer = writer;
    this.limits = limits;
  }

  counts(): ReceiverCounts {
    return copyCounts(this.totals);
  }

  countRequest(signal: Signal): void {
    this.totals[signal].requests++;
  }

  countFailure(signal: Signal): void {
    this.totals[signal].failedRequests++;
  }

  /** Room for the bytes of one request; give it back with `release` when the request is done. */
  room(): Room {
    return new Room(this.inFlight, this.limits.maxInFlightBytes);
  }

  /**
   * Resolves when the records are durable.
   * @throws {TelemetryError} code `INVALID_OTLP`, or what the store threw
   */
  async store(signal: Signal, encoding: OtlpEncoding, body: Uint8Array): Promise<IngestResult> {
    const decoded = decodeOtlp(signal, encoding, body, this.limits.decode);
    const size = batchSize(decoded.batch);
    const totals = this.totals[signal];
    totals.received += size + decoded.rejected;
    totals.rejected += decoded.rejected;
    if (size === 0) return { rejected: decoded.rejected, message: decoded.message };
    try {
      return await this.write(decoded);
    } catch (error) {
      totals.refused += size;
      throw error;
    }
  }

  private async write({ signal, batch, rejected, message }: DecodedRequest): Promise<IngestResult> {
    const result = await this.writer.write(batch);
    const totals = this.totals[signal];
    totals.accepted += result.accepted;
    totals.rejected += result.rejected;
    const messages = [message, result.message].filter((text) => text !== '');
    return { rejected: rejected + result.rejected, message: messages.join('; ') };
  }
}
