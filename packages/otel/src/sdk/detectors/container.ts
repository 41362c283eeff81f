import type { Found, Surroundings } from './surroundings.ts';

const id = /(?:^|[/:.-])([0-9a-f]{64})(?:\.scope)?(?:$|\/)/;
/** Version 2 of control groups hides the ID, but Docker, containerd and Podman mount files of a folder with its name. */
const mounted = /\/(?:containers|overlay-containers|sandboxes)\/([0-9a-f]{64})\//;

/** `container.id` from the control group, else from the mounts. */
export function detectContainer({ read }: Surroundings): Found {
  for (const line of read('/proc/self/cgroup')?.split('\n') ?? []) {
    const found = id.exec(line)?.[1];
    if (found !== undefined) return { 'container.id': found };
  }
  return { 'container.id': mounted.exec(read('/proc/self/mountinfo') ?? '')?.[1] };
}
