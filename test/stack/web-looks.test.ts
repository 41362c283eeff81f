import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenario, type Scenario } from './web-scenario.ts';
import { onPage, openStage, type Stage } from './web-stage.ts';
import { random, telemetryOf, TraceWriter } from './web-telemetry.ts';

const hostile = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>';

let stage: Stage;
let told: Scenario;
const large = new TraceWriter(Date.now() - 60_000, 'large-1', random(1));
const wicked = new TraceWriter(Date.now() - 50_000, hostile, random(2));

beforeAll(async () => {
  stage = await openStage();
  told = scenario(Date.now(), 40);
  await stage.send(told.telemetry);

  const root = large.span({ service: 'big', name: 'root of many', at: 0, ms: 5000 });
  for (let index = 1; index < 5000; index += 1) {
    large.span({ service: `part-${index % 12}`, name: `step ${index}`, parent: root, at: index, ms: 3 });
    large.log('big', root, index, 'INFO', `line ${index}`);
    large.log('big', root, index + 0.5, 'DEBUG', `more of line ${index}`);
  }
  const span = wicked.span({
    service: hostile,
    name: hostile,
    at: 0,
    ms: 5,
    attributes: { [hostile]: hostile },
    error: hostile,
    exception: hostile,
  });
  wicked.log(hostile, span, 1, 'ERROR', hostile, { [hostile]: hostile });
  await stage.send(telemetryOf([large]));
  await stage.send(telemetryOf([wicked]));
});

afterAll(async () => {
  await stage?.close();
});

const pages = (): [name: string, path: string, ready: string][] => [
  ['traces', '/traces', '.trace-rows .row'],
  ['a trace', `/trace/${told.failed.traceId}`, '.trace-log-rows .row'],
  ['a span', `/trace/${told.failed.traceId}?span=${failedSpan()}`, '.span-panel'],
  ['logs', '/logs', '.log-rows .row'],
  ['metrics', '/metrics', '.legend-table tbody tr'],
  ['nothing found', '/correlate/no-such-id', '.notice h1'],
  ['correlate', `/correlate/${told.failed.correlationId}`, '.timeline-rows .row'],
];

const failedSpan = (): string =>
  told.telemetry.spans
    .flatMap((scope) => scope.records)
    .find((span) => span.traceId === told.failed.traceId && span.events.length > 0)?.spanId ?? '';

/** What the rules of axe (WCAG AA contrast, names, roles, structure) find wrong on a page. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  });
}

describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
  it('every page is accessible, its contrast included, without an error in the console or a request elsewhere', async () => {
    for (const [name, path, ready] of pages()) {
      const problems = await onPage(
        stage,
        path,
        async (page) => {
          await page.locator(ready).first().waitFor();
          expect([name, await faults(page)]).toStrictEqual([name, []]);
          const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
          expect([name, background]).toStrictEqual([
            name,
            scheme === 'light' ? 'rgb(246, 246, 243)' : 'rgb(16, 19, 20)',
          ]);
        },
        { scheme },
      );
      expect([name, problems]).toStrictEqual([name, []]);
    }
  });
});

describe('the page', () => {
  it('changes colours at a press, and remembers', async () => {
    const problems = await onPage(stage, '/traces', async (page) => {
      const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      await page.getByRole('button', { name: /^Colours: as the system/ }).click();
      await page.getByRole('button', { name: /^Colours: light/ }).click();
      await expect.poll(background).toBe('rgb(16, 19, 20)');
      await page.reload();
      await expect.poll(background).toBe('rgb(16, 19, 20)');
      await page.getByRole('button', { name: /^Colours: dark/ }).waitFor();
    });
    expect(problems).toStrictEqual([]);
  });

  it('fits a narrow screen without scrolling sideways', async () => {
    for (const [name, path, ready] of pages()) {
      await onPage(
        stage,
        path,
        async (page) => {
          await page.locator(ready).first().waitFor({ state: 'attached' });
          const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect([name, sideways]).toStrictEqual([name, 0]);
          const squeezed = await page
            .locator('.rows')
            .evaluateAll((lists) => lists.filter((list) => list.clientHeight < 40).length);
          expect([name, squeezed]).toStrictEqual([name, 0]);
        },
        { width: 400 },
      );
    }
  });

  it('shows names, values and messages as text, whatever they hold', async () => {
    const paths = [
      '/traces',
      `/trace/${wicked.traceId}?span=${wicked.spans.get(hostile)?.[0]?.spanId}`,
      '/logs?minLevel=error',
      `/correlate/${encodeURIComponent(hostile)}`,
    ];
    for (const path of paths) {
      const problems = await onPage(stage, path, async (page) => {
        await page.locator('main').getByText('<img src=x onerror').locator('visible=true').first().waitFor();
        await page
          .locator('.log-rows .row, .timeline-rows .row, .trace-log-rows .row')
          .first()
          .click({ timeout: 3000 })
          .catch(() => undefined);
        expect(await page.evaluate(() => 'broken' in window)).toBe(false);
        expect(await page.locator('img:not(.brand img), #app script').count()).toBe(0);
      });
      expect([path, problems]).toStrictEqual([path, []]);
    }
  });
});

describe('much of it', () => {
  it('draws only the rows in view of 5,000 spans and 9,998 logs, and still reaches the last', async () => {
    const problems = await onPage(stage, `/trace/${large.traceId}`, async (page) => {
      await page.locator('.span-rows .row').first().waitFor();
      await page.locator('.trace-log-rows .row').first().waitFor();
      expect(await page.locator('.span-rows').getAttribute('aria-rowcount')).toBe('5001');
      expect(await page.locator('.row').count()).toBeLessThan(150);
      await page.keyboard.press('j');
      await page.keyboard.press('End');
      await page.locator('.span-rows .row[data-active]', { hasText: 'step 4999' }).waitFor();
      await page.locator('.trace-log-rows').focus();
      await page.keyboard.press('End');
      await page.locator('.trace-log-rows .row[data-active]', { hasText: 'more of line 4999' }).waitFor();
      expect(await page.locator('.row').count()).toBeLessThan(150);
    });
    expect(problems).toStrictEqual([]);
  });

  it('keeps its place among 10,000 log lines while lines are open', async () => {
    await onPage(stage, '/logs?limit=10000&correlationId=large-1&order=asc', async (page) => {
      await page.locator('.log-rows .row').first().click();
      await page.locator('.row-detail').waitFor();
      await page.keyboard.press('End');
      await page.locator('.log-rows .row[data-active]', { hasText: 'more of line 4999' }).click();
      await page.locator('.row-detail', { hasText: 'more of line 4999' }).waitFor();
      expect(await page.locator('.row').count()).toBeLessThan(100);
    });
  });
});

describe('when things are not well', () => {
  it('says what to run when nothing is stored', async () => {
    const empty = await openStage();
    try {
      for (const path of ['/traces', '/logs', '/metrics']) {
        const problems = await onPage(empty, path, async (page) => {
          await page.getByText('crmbet-otel run -- node app.js').waitFor();
        });
        expect([path, problems]).toStrictEqual([path, []]);
      }
    } finally {
      await empty.close();
    }
  });

  it('says an error of the API as a sentence, and tries again', async () => {
    await onPage(stage, '/logs', async (page) => {
      await page.locator('.log-rows .row').first().waitFor();
      const message = 'The store is busy. Try again in a second.';
      await page.route('**/api/v1/traces?*', (route) =>
        route.fulfill({ status: 503, json: { error: { code: 'STORE_OVERLOADED', message } } }),
      );
      await page.getByRole('link', { name: 'Traces', exact: true }).click();
      await page.getByText(message).waitFor();
      await page.unroute('**/api/v1/traces?*');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.locator('.trace-rows .row').first().waitFor();
      expect(await page.getByText(message).count()).toBe(0);
    });
  });

  it('says a wrong search as a sentence', async () => {
    await onPage(stage, '/traces?minDurationMs=500&maxDurationMs=5', async (page) => {
      await page.getByRole('heading', { name: /This search cannot be answered|No trace matches/ }).waitFor();
      expect(await page.locator('.trace-rows .row').count()).toBe(0);
    });
  });

  it('says so when the server is gone', async () => {
    const gone = await openStage();
    let closed = false;
    try {
      await gone.send(told.telemetry);
      await onPage(gone, '/traces', async (page) => {
        await page.locator('.trace-rows .row').first().waitFor();
        await page.route('**/api/**', (route) => route.abort());
        await page.getByRole('button', { name: 'Refresh' }).click();
        await page.getByText(`Nothing answers at ${gone.url}. Is crmbet-otel up still running?`).first().waitFor();
        closed = true;
      });
    } finally {
      await gone.close();
    }
    expect(closed).toBe(true);
  });
});
