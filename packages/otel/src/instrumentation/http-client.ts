import * as http from 'node:http';
import * as https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { context } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import type * as Published from '@opentelemetry/instrumentation-http';
import { capturedClientHeaders } from '../privacy/headers.ts';
import { asOurs } from './claimed-scopes.ts';
import { withHookPackages } from './hook-packages.ts';

type Call = (this: unknown, ...args: unknown[]) => unknown;
/** What clients use of `node:http` and `node:https`. */
interface ClientFunctions {
  request: Call;
  get: Call;
}
type Name = 'http' | 'https';

/**
 * Puts `request` and `get` of both modules behind functions that load the published instrumentation with the first
 * request: many processes never make one. Our own exports go past it. Returns what undoes it.
 */
export function installHttpClient(): () => void {
  const modules: Record<Name, ClientFunctions> = { http: mutable(http), https: mutable(https) };
  const originals: Record<Name, ClientFunctions> = { http: pick(modules.http), https: pick(modules.https) };
  let active = true;
  let traced: Record<Name, ClientFunctions> | undefined;
  const forward = (name: Name, method: keyof ClientFunctions): Call =>
    named(method, function (...args) {
      const passBy = !active || isTracingSuppressed(context.active());
      const functions = passBy ? originals : (traced ??= createTraced(originals));
      return Reflect.apply(functions[name][method], this, args);
    });
  for (const name of ['http', 'https'] as const) {
    modules[name].request = forward(name, 'request');
    modules[name].get = forward(name, 'get');
  }
  syncBuiltinESMExports();
  return () => {
    active = false;
  };
}

/** The exports of a built-in module, which may be replaced; TypeScript's view of a module may not. */
function mutable(module: object): ClientFunctions {
  return ('default' in module ? module.default : module) as ClientFunctions;
}

function pick({ request, get }: ClientFunctions): ClientFunctions {
  return { request, get };
}

function named(name: string, call: Call): Call {
  return Object.defineProperty(call, 'name', { value: name });
}

/** The published instrumentation applied to copies; it finds nothing to do for servers there. */
function createTraced(originals: Record<Name, ClientFunctions>): Record<Name, ClientFunctions> {
  const { HttpInstrumentation } = withHookPackages(
    () => require('@opentelemetry/instrumentation-http') as typeof Published,
  );
  const instrumentation = asOurs(
    () =>
      new HttpInstrumentation({
        enabled: false,
        disableIncomingRequestInstrumentation: true,
        headersToSpanAttributes: { client: capturedClientHeaders() },
      }),
  );
  const copies: Record<Name, ClientFunctions> = { http: pick(originals.http), https: pick(originals.https) };
  for (const { name, patch } of instrumentation.getModuleDefinitions()) patch?.(copies[name as Name]);
  return copies;
}
