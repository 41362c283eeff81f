/** The receiving process: the receivers, the store and the query API as `crmbet-otel up` starts them. Tells its parent where, and at the end what it used. */
import { setFlagsFromString } from 'node:v8';
import { startLocal } from '@crmbet/telemetry';

// As the command does before it loads anything (packages/cli/bin).
setFlagsFromString('--semi-space-growth-factor=1');

const [path = ''] = process.argv.slice(2);
const local = await startLocal({ path, httpPort: 0, grpcPort: 0, uiPort: 0 });
process.send?.({ httpPort: local.httpPort, url: local.url });
process.on('message', (message) => {
  if (message === 'usage') {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuSeconds: (user + system) / 1e6, peakRssBytes: process.resourceUsage().maxRSS * 1024 });
  }
});
// The parent ends it by closing the channel.
process.on('disconnect', () => void local.close());
