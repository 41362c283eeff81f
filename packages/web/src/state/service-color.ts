/** How many service colours the style sheet has (`data-hue="0"` and up). */
export const hueCount = 10;

const taken = new Map<string, number>();

function hash(text: string): number {
  let value = 0;
  for (const character of text) value = (Math.imul(value, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return value;
}

/**
 * The colour slot of a service: by its name, so that it stays the same everywhere; when another service has it already,
 * the next free one, so that the first ten services of a page never look alike.
 */
export function serviceHue(name: string): string {
  const known = taken.get(name);
  if (known !== undefined) return String(known);
  const wanted = hash(name) % hueCount;
  const used = new Set(taken.values());
  let hue = wanted;
  while (used.size < hueCount && used.has(hue)) hue = (hue + 1) % hueCount;
  taken.set(name, hue);
  return String(hue);
}
