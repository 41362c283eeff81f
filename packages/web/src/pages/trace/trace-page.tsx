import type { Log, Trace } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { findLogs, getTrace } from '../../api/client.ts';
import { useResource } from '../../api/use-resource.ts';
import { ErrorNotice, Loading, Notice } from '../../components/notice.tsx';
import { place, setParams } from '../../router/location.ts';
import { correlateHref } from '../../router/routes.ts';
import { SpanPanel } from './span-panel.tsx';
import { TraceHead } from './trace-head.tsx';
import { TraceLogs } from './trace-logs.tsx';
import { buildTree } from './tree.ts';
import { Waterfall } from './waterfall.tsx';

/** The most that the API gives at once. */
const logLimit = 10_000;

function NoTrace({ id }: { id: string }): JSX.Element {
  return (
    <Notice title={`Nothing found for ${id}`} wholePage>
      <p>
        No span of this trace is stored. It may not have arrived yet, or may be older than what is kept.{' '}
        <a href={correlateHref(id)}>Look for logs and metrics with this ID</a>, or{' '}
        <a href="/traces">search the traces</a>.
      </p>
    </Notice>
  );
}

/** A trace as a waterfall, with the chosen span and the logs beside it. */
export function TracePage({ id }: { id: string }): JSX.Element {
  const trace = useResource(`trace ${id}`, (signal) => getTrace(id, signal));
  const logs = useResource(`logs ${id}`, (signal) => findLogs({ traceId: id, order: 'asc', limit: logLimit }, signal));
  if (trace.error?.code === 'NOT_FOUND' || trace.error?.code === 'INVALID_QUERY') return <NoTrace id={id} />;
  if (trace.error !== undefined) return <ErrorNotice error={trace.error} onRetry={trace.reload} />;
  if (trace.data === undefined) return <Loading what="the trace" />;
  return (
    <TraceView
      trace={trace.data}
      logs={logs.data}
      logsProblem={logs.error?.message}
      onRefresh={() => {
        trace.reload();
        logs.reload();
      }}
    />
  );
}

interface TraceViewProps {
  trace: Trace;
  /** `undefined` while they are under way. */
  logs: readonly Log[] | undefined;
  logsProblem: string | undefined;
  onRefresh: () => void;
}

function TraceView({ trace, logs, logsProblem, onRefresh }: TraceViewProps): JSX.Element {
  const { params } = place.value;
  const roots = useMemo(() => buildTree(trace.spans, trace.startTimeUnixNano), [trace]);
  const spanId = params.get('span') ?? '';
  const span = useMemo(() => trace.spans.find((one) => one.spanId === spanId), [trace, spanId]);
  const select = (id: string | undefined): void => {
    setParams({ span: id, only: id === undefined ? undefined : (params.get('only') ?? undefined) }, { replace: true });
  };
  return (
    <div
      class="page trace-page"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && span !== undefined) select(undefined);
      }}
    >
      <TraceHead trace={trace} root={roots[0]?.span} onRefresh={onRefresh} />
      <div class="trace-body">
        <Waterfall trace={trace} roots={roots} logs={logs ?? []} selected={span?.spanId} onSelect={select} />
        <div class="trace-side">
          {span !== undefined && <SpanPanel trace={trace} span={span} onClose={() => select(undefined)} />}
          <TraceLogs trace={trace} logs={logs} problem={logsProblem} span={span} onSelect={select} />
        </div>
      </div>
    </div>
  );
}
