import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Header } from './components/header.tsx';
import { Help } from './components/help.tsx';
import { Notice } from './components/notice.tsx';
import { StatusBanner } from './components/status-banner.tsx';
import { CorrelatePage } from './pages/correlate/correlate-page.tsx';
import { LogsPage } from './pages/logs/logs-page.tsx';
import { MetricsPage } from './pages/metrics/metrics-page.tsx';
import { TracePage } from './pages/trace/trace-page.tsx';
import { TracesPage } from './pages/traces/traces-page.tsx';
import { place } from './router/location.ts';
import { routeOf, type Route } from './router/routes.ts';

const titles: Readonly<Record<Route['page'], string>> = {
  traces: 'Traces',
  trace: 'Trace',
  logs: 'Logs',
  metrics: 'Metrics',
  correlate: 'Correlation',
  unknown: 'Not found',
};

function pageOf(route: Route): ComponentChildren {
  switch (route.page) {
    case 'traces':
      return <TracesPage />;
    case 'trace':
      return <TracePage key={route.id} id={route.id} />;
    case 'logs':
      return <LogsPage />;
    case 'metrics':
      return <MetricsPage />;
    case 'correlate':
      return <CorrelatePage key={route.id} id={route.id} />;
    case 'unknown':
    default:
      return (
        <Notice title="There is no such page" wholePage>
          <p>
            Go to the <a href="/traces">traces</a>, <a href="/logs">logs</a> or <a href="/metrics">metrics</a>, or type
            an ID above.
          </p>
        </Notice>
      );
  }
}

/** The frame around every page: skip link, header, the page, the help. */
export function App(): JSX.Element {
  const { path } = place.value;
  const route = routeOf(path);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);

  useEffect(() => {
    const id = 'id' in route ? ` ${route.id}` : '';
    document.title = `${titles[route.page]}${id} · crmbet-otel`;
    // A change of page is told to screen readers, and keys go to the new page.
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [path]);

  return (
    <>
      <a class="skip" href="#main" onClick={() => main.current?.focus()}>
        Skip to the page
      </a>
      <Header page={route.page} />
      <StatusBanner />
      <main id="main" ref={main} tabIndex={-1} aria-label={titles[route.page]}>
        {pageOf(route)}
      </main>
      <Help />
    </>
  );
}
