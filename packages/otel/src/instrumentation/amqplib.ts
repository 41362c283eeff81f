import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib';

/** `amqplib`: a consumer continues the trace and the correlation ID of the publisher. */
export function createAmqplibInstrumentation(): AmqplibInstrumentation {
  return new AmqplibInstrumentation();
}
