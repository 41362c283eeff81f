import { randomUUID } from 'node:crypto';
import { arch, hostname, platform, release } from 'node:os';
import type { Found, Surroundings } from './surroundings.ts';

/** Name and architecture of the host, and its machine ID. */
export function detectHost({ read }: Surroundings): Found {
  const names: Record<string, string> = { x64: 'amd64', arm: 'arm32', ppc: 'ppc32', ia32: 'x86' };
  return {
    'host.name': hostname(),
    'host.arch': names[arch()] ?? arch(),
    'host.id': read('/etc/machine-id') ?? read('/var/lib/dbus/machine-id'),
  };
}

/** Kind and version of the operating system. */
export function detectOs(): Found {
  const names: Record<string, string> = { win32: 'windows', sunos: 'solaris' };
  return { 'os.type': names[platform()] ?? platform(), 'os.version': release() };
}

/** This process; without its arguments, which may hold secrets. */
export function detectProcess(): Found {
  return {
    'process.pid': process.pid,
    'process.executable.name': 'node',
    'process.executable.path': process.execPath,
    'process.command': process.argv[1],
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
  };
}

/** An ID that no other process has. */
export function detectServiceInstance(): Found {
  return { 'service.instance.id': randomUUID() };
}
