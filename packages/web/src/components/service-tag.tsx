import type { JSX } from 'preact';
import { serviceHue } from '../state/service-color.ts';

/** A service's name with its colour. */
export function ServiceTag({ name }: { name: string }): JSX.Element {
  return (
    <span class="service" data-hue={serviceHue(name)} title={name}>
      <span class="swatch" aria-hidden="true" />
      <span class="service-name">{name}</span>
    </span>
  );
}
