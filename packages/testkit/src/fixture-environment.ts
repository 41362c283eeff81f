/** Variables of the test runner and of telemetry that would change what a child process does. */
const notInherited =
  /^(?:NODE_OPTIONS|NODE_V8_COVERAGE|NODE_ENV|NO_COLOR|FORCE_COLOR|OTEL_.*|VITEST.*|CRMBET_OTEL_.*)$/;

/** The environment of a child process: this process's less what would change its behaviour, plus `changes` (`undefined` removes). */
export function fixtureEnvironment(changes: Record<string, string | undefined> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !notInherited.test(name));
  const all = Object.entries({ ...Object.fromEntries(inherited), ...changes });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}
