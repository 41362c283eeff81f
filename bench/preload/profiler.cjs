/** Preloaded before a contender whose cost is looked for: profiles between two messages, from its load on when told so. */
const { writeFileSync } = require('node:fs');
const { Session } = require('node:inspector');

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.setSamplingInterval', { interval: 200 });
if (process.env.BENCH_PROFILE_START === 'true') session.post('Profiler.start');

process.on('message', ({ profile, file }) => {
  if (profile === 'start') session.post('Profiler.start');
  if (profile === 'stop')
    session.post('Profiler.stop', (_error, result) => writeFileSync(file, JSON.stringify(result.profile)));
});
