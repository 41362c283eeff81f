import type { Attributes } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { attributeBlock } from '../format/value.ts';

interface AttributeListProps {
  attributes: Attributes;
  /** Where a click on a value leads, to find the same elsewhere. */
  hrefOf?: (key: string, value: unknown) => string | undefined;
}

/** Attributes by name. Values are text, whatever they hold. */
export function AttributeList({ attributes, hrefOf }: AttributeListProps): JSX.Element {
  const entries = Object.entries(attributes).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return (
    <dl class="attributes">
      {entries.map(([key, value]) => {
        const href = hrefOf?.(key, value);
        const text = attributeBlock(value);
        return (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{href === undefined ? text : <a href={href}>{text}</a>}</dd>
          </div>
        );
      })}
    </dl>
  );
}
