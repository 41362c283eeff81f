import type { TimelineEntry } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { useCallback, useState } from 'preact/hooks';
import { Icon } from '../../components/icons.tsx';
import { LevelTag } from '../../components/level-tag.tsx';
import { ServiceTag } from '../../components/service-tag.tsx';
import { formatDuration, formatOffset } from '../../format/duration.ts';
import { formatValue, unitOfName } from '../../format/number.ts';
import { dateTime, nanosToMs } from '../../format/time.ts';
import { fieldPreview } from '../../format/value.ts';
import { Rows } from '../../lists/rows.tsx';
import { place } from '../../router/location.ts';
import { serviceHue } from '../../state/service-color.ts';
import { placeIn } from '../trace/scale.ts';
import { EntryDetail } from './entry-detail.tsx';
import { isError, type TimelineRow } from './timeline.ts';

const keyOf = (row: TimelineRow): string => row.key;

function Fact({ entry }: { entry: TimelineEntry }): JSX.Element {
  if (entry.kind === 'span') return <>{formatDuration(entry.durationMs)}</>;
  if (entry.kind === 'log') return <LevelTag level={entry.log.level} />;
  return <>{formatValue(entry.metric.value, unitOfName(entry.metric.name))}</>;
}

/** A log line's fields and a metric's labels follow what happened, for the room that is left. */
function What({ entry }: { entry: TimelineEntry }): JSX.Element {
  if (entry.kind === 'span') return <>{entry.summary}</>;
  const [text, fields] =
    entry.kind === 'log' ? [entry.summary, entry.log.attributes] : [entry.metric.name, entry.metric.labels];
  return (
    <>
      {text} <span class="soft">{fieldPreview(fields)}</span>
    </>
  );
}

/** When it happened within the whole: a bar for a span, a mark for a log line or a metric; metrics read later have none. */
function Track({ entry, atMs, durationMs }: { entry: TimelineEntry; atMs: number; durationMs: number }): JSX.Element {
  const at = placeIn({ fromMs: 0, toMs: durationMs }, atMs, entry.kind === 'span' ? entry.durationMs : 0);
  return (
    <span role="gridcell" class="track" aria-hidden="true" data-hue={serviceHue(entry.serviceName)}>
      {at !== undefined && (
        <span class={`track-${entry.kind}`} style={{ left: `${at.left}%`, width: `${at.width}%` }} />
      )}
    </span>
  );
}

/** The timeline, one entry a row; a row opens to all that the entry says, with the jump to where it belongs. */
export function TimelineRows({ rows, durationMs }: { rows: readonly TimelineRow[]; durationMs: number }): JSX.Element {
  const [openKey, setOpenKey] = useState('');
  const detail = useCallback(
    (row: TimelineRow) => (row.key === openKey ? <EntryDetail entry={row.entry} /> : undefined),
    [openKey],
  );
  return (
    <Rows
      items={rows}
      keyOf={keyOf}
      rowHeight={30}
      headHeight={30}
      label="Timeline. Enter opens an entry"
      class="timeline-rows"
      memory={place.value.path}
      primary
      head={['Time', 'Kind', 'Service', 'What happened', 'When', 'Measure'].map((name) => (
        <span key={name} role="columnheader">
          {name}
        </span>
      ))}
      row={({ entry, atMs }) => (
        <>
          <span role="gridcell" class="time" title={dateTime(nanosToMs(entry.timeUnixNano))}>
            {formatOffset(atMs)}
          </span>
          <span role="gridcell" class="kind">
            <Icon name={entry.kind} label={entry.kind} />
          </span>
          <span role="gridcell" class="log-service">
            <ServiceTag name={entry.serviceName} />
          </span>
          <span role="gridcell" class="message">
            {isError(entry) && <Icon name="error" label="Error" />}
            <What entry={entry} />
          </span>
          <Track entry={entry} atMs={atMs} durationMs={durationMs} />
          <span role="gridcell" class="number">
            <Fact entry={entry} />
          </span>
        </>
      )}
      rowAttributes={({ key, entry }) => ({
        'aria-expanded': key === openKey,
        'data-kind': entry.kind,
        'data-level': entry.kind === 'log' ? entry.log.level : undefined,
      })}
      detail={detail}
      onOpen={(row) => setOpenKey(row.key === openKey ? '' : row.key)}
      onKey={(key) => {
        if (key !== 'Escape' || openKey === '') return false;
        setOpenKey('');
        return true;
      }}
    />
  );
}
