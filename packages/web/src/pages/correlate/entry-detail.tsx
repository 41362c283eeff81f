import type { CorrelatedMetric, Span, TimelineEntry } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { AttributeList } from '../../components/attribute-list.tsx';
import { Icon } from '../../components/icons.tsx';
import { LogDetail } from '../../components/log-detail.tsx';
import { failureText } from '../../format/failure.ts';
import { dateTime, nanosToMs } from '../../format/time.ts';
import { pageHref, traceHref } from '../../router/routes.ts';

function SpanDetail({ span }: { span: Span }): JSX.Element {
  return (
    <div class="log-detail">
      {span.status === 'error' && (
        <p class="error-box">
          <Icon name="error" /> {failureText(span)}
        </p>
      )}
      <p class="jumps">
        <span class="time">{dateTime(nanosToMs(span.startTimeUnixNano))}</span>
        <a href={traceHref(span.traceId, span.spanId)}>Open in its trace</a>
      </p>
      <AttributeList attributes={span.attributes} />
    </div>
  );
}

function metricHref(metric: CorrelatedMetric): string {
  return pageHref('metrics', {
    name: metric.name,
    label: Object.entries(metric.labels).map(([key, value]) => `${key}=${value}`),
    groupBy: '*',
  });
}

function MetricDetail({ metric }: { metric: CorrelatedMetric }): JSX.Element {
  const how =
    metric.via === 'exemplar'
      ? 'An exemplar of this series carries the ID.'
      : 'The attributes of a span lead to this series.';
  return (
    <div class="log-detail">
      <p class="jumps">
        <span class="time">{dateTime(nanosToMs(metric.timeUnixNano))}</span>
        <a href={metricHref(metric)}>Open its chart</a>
        {metric.traceId !== '' && <a href={traceHref(metric.traceId, metric.spanId)}>Open its trace</a>}
        <span class="soft">{how}</span>
      </p>
      <AttributeList attributes={metric.labels} />
    </div>
  );
}

/** All that a timeline entry says, with the jump to where it belongs. */
export function EntryDetail({ entry }: { entry: TimelineEntry }): JSX.Element {
  if (entry.kind === 'span') return <SpanDetail span={entry.span} />;
  return entry.kind === 'log' ? <LogDetail log={entry.log} /> : <MetricDetail metric={entry.metric} />;
}
