import { context } from '@opentelemetry/api';
import { getRPCMetadata, RPCType } from '@opentelemetry/core';

/** Names the route of the HTTP request that is served in the active context: on its server span and its metrics. */
export function nameRoute(route: string | undefined): void {
  const rpc = getRPCMetadata(context.active());
  if (rpc?.type === RPCType.HTTP && route !== undefined) rpc.route = route;
}
