/** Where a list stood, so that Back from a trace returns to the row that was left. Bounded, for this page load only. */
interface Standing {
  scrollTop: number;
  activeKey: string;
}

const standings = new Map<string, Standing>();
const kept = 50;

export function recall(key: string): Standing | undefined {
  return standings.get(key);
}

export function remember(key: string, standing: Standing): void {
  standings.delete(key);
  standings.set(key, standing);
  const [oldest] = standings.keys();
  if (standings.size > kept && oldest !== undefined) standings.delete(oldest);
}
