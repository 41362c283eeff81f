import type { Span } from '@crmbet/telemetry';
import { describe, expect, it } from 'vitest';
import { buildTree, visibleRows } from './tree.ts';

const base = 1_700_000_000_000_000_000n;

function span(
  spanId: string,
  parentSpanId: string,
  startMs: number,
  durationMs: number,
  status: Span['status'] = 'unset',
): Span {
  const start = base + BigInt(startMs) * 1_000_000n;
  return {
    traceId: 't',
    spanId,
    parentSpanId,
    name: spanId,
    kind: 'internal',
    serviceName: 's',
    scopeName: '',
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + BigInt(durationMs) * 1_000_000n),
    durationMs,
    status,
    statusMessage: '',
    correlationId: '',
    attributes: {},
    resource: {},
    events: [],
    links: [],
  };
}

const outline = (spans: Span[], collapsed: string[] = []): string[] =>
  visibleRows(buildTree(spans, String(base)), new Set(collapsed)).map((node) => `${'-'.repeat(node.depth)}${node.key}`);

describe('buildTree', () => {
  const spans = [
    span('root', '', 0, 100),
    span('b', 'root', 50, 40),
    span('a', 'root', 10, 30),
    span('a2', 'a', 30, 20, 'error'),
    span('lost', 'gone', 5, 5),
  ];

  it('nests by parent, orders by start, and keeps a span whose parent is not stored', () => {
    expect(outline(spans)).toStrictEqual(['root', '-a', '--a2', '-b', 'lost']);
    expect(outline(spans, ['a'])).toStrictEqual(['root', '-a', '-b', 'lost']);
    const [root, lost] = buildTree(spans, String(base));
    expect(lost?.orphan).toBe(true);
    expect(root).toMatchObject({ orphan: false, below: 3, errorBelow: true });
  });

  it('counts as own time only what no child covers, once for children that overlap', () => {
    const [root] = buildTree(
      [span('r', '', 0, 100), span('x', 'r', 10, 30), span('y', 'r', 20, 40), span('z', 'r', 90, 50)],
      String(base),
    );
    // x and y cover 10 to 60, z covers 90 to 100 of the parent.
    expect(root?.selfMs).toBe(40);
  });

  it('shows spans stored twice, their own parents and parent cycles without hanging', () => {
    expect(outline([span('a', '', 0, 1), span('a', '', 0, 1)])).toStrictEqual(['a', 'a-1']);
    expect(outline([span('a', 'a', 0, 1)])).toStrictEqual(['a']);
    expect(outline([span('a', 'b', 0, 1), span('b', 'a', 1, 1), span('c', 'b', 2, 1)])).toStrictEqual([
      'a',
      '-b',
      '--c',
    ]);
  });

  it('takes a chain of 20,000 spans', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) =>
      span(`s${index}`, index === 0 ? '' : `s${index - 1}`, index, 1),
    );
    expect(buildTree(chain, String(base))[0]?.below).toBe(19_999);
    expect(visibleRows(buildTree(chain, String(base)), new Set())).toHaveLength(20_000);
  });
});
