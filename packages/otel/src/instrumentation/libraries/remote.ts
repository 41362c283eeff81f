import type * as AwsSdk from '@opentelemetry/instrumentation-aws-sdk';
import type * as GraphQl from '@opentelemetry/instrumentation-graphql';
import type * as Grpc from '@opentelemetry/instrumentation-grpc';
import type * as KafkaJs from '@opentelemetry/instrumentation-kafkajs';
import type * as OpenAi from '@opentelemetry/instrumentation-openai';
import type * as SocketIo from '@opentelemetry/instrumentation-socket.io';
import type { LibraryEntry } from './entry.ts';
import { withMeters } from './with-meters.ts';

/** Calls and messages to and from other services. */
export const remote: readonly LibraryEntry[] = [
  {
    name: 'graphql',
    modules: ['graphql'],
    create() {
      const { GraphQLInstrumentation } = require('@opentelemetry/instrumentation-graphql') as typeof GraphQl;
      // A span for every field of every item is the cost of many requests.
      return new GraphQLInstrumentation({ ignoreResolveSpans: true });
    },
  },
  {
    name: 'grpc',
    modules: ['@grpc/grpc-js'],
    create() {
      const { GrpcInstrumentation } = require('@opentelemetry/instrumentation-grpc') as typeof Grpc;
      return new GrpcInstrumentation();
    },
  },
  {
    name: 'kafkajs',
    modules: ['kafkajs'],
    create() {
      const { KafkaJsInstrumentation } = require('@opentelemetry/instrumentation-kafkajs') as typeof KafkaJs;
      return withMeters(new KafkaJsInstrumentation());
    },
  },
  {
    name: 'aws-sdk',
    // What the clients of version 3 call; which of them depends on their release.
    modules: [
      '@smithy/core',
      '@smithy/middleware-stack',
      '@smithy/smithy-client',
      '@aws-sdk/middleware-stack',
      '@aws-sdk/smithy-client',
    ],
    create() {
      const { AwsInstrumentation } = require('@opentelemetry/instrumentation-aws-sdk') as typeof AwsSdk;
      return withMeters(new AwsInstrumentation());
    },
  },
  {
    name: 'socket.io',
    modules: ['socket.io'],
    create() {
      const { SocketIoInstrumentation } = require('@opentelemetry/instrumentation-socket.io') as typeof SocketIo;
      return new SocketIoInstrumentation();
    },
  },
  {
    name: 'openai',
    modules: ['openai'],
    create() {
      const { OpenAIInstrumentation } = require('@opentelemetry/instrumentation-openai') as typeof OpenAi;
      return withMeters(new OpenAIInstrumentation({ captureMessageContent: false }));
    },
  },
];
