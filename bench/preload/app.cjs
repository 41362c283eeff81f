/**
 * The application under test, copied beside its node_modules before it runs: Express 5 with what a backend loads. It
 * tells its parent the CPU time used when it listens, and on demand what it used since.
 */
const { monitorEventLoopDelay } = require('node:perf_hooks');
const express = require('express');
for (const name of ['pg', 'ioredis', 'amqplib', 'winston']) require(name);

const loopDelay = monitorEventLoopDelay({ resolution: 1 });
const cpuMicroseconds = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

const app = express();
app.get('/users/:id', (request, response) => {
  response.json({ id: request.params.id, name: 'Ada Lovelace', roles: ['admin', 'author'] });
});
const server = app.listen(0, '127.0.0.1', () => {
  const cpu = cpuMicroseconds();
  process.send({ port: server.address().port, cpuMicroseconds: cpu });
  loopDelay.enable();
});
server.keepAliveTimeout = 60_000;

process.on('message', () => {
  process.send({
    cpuMicroseconds: cpuMicroseconds(),
    rssBytes: process.memoryUsage.rss(),
    maxPauseMs: loopDelay.max / 1e6,
  });
  loopDelay.reset();
});
// The parent is gone.
process.on('disconnect', () => process.exit());
