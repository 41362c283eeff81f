import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenario, type Scenario } from './web-scenario.ts';
import { onPage as onStagePage, openStage, type Stage } from './web-stage.ts';

let stage: Stage;
let told: Scenario;

beforeAll(async () => {
  stage = await openStage();
  told = scenario(Date.now(), 40);
  await stage.send(told.telemetry);
});

afterAll(async () => {
  await stage?.close();
});

/** Runs `look` on a page and expects that nothing went wrong on it besides. */
async function onPage(path: string, look: (page: Page) => Promise<void>): Promise<void> {
  expect(await onStagePage(stage, path, look)).toStrictEqual([]);
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The scenario lacks what this test needs.');
  return value;
}

const rowTexts = (page: Page, list: string): Promise<string[]> => page.locator(`${list} .row`).allInnerTexts();
const pathOf = (page: Page): string => new URL(page.url()).pathname + new URL(page.url()).search;

/** `name` of each span in the waterfall with its level in the tree. */
async function outline(page: Page): Promise<[name: string, level: number][]> {
  await page.locator('.span-rows .row').first().waitFor();
  return page
    .locator('.span-rows .row')
    .evaluateAll((rows) =>
      rows.map((row): [string, number] => [
        row.querySelector('.label')?.firstChild?.textContent ?? '',
        Number(row.getAttribute('aria-level')),
      ]),
    );
}

describe('search', () => {
  it('finds traces by service, status, attribute, duration and correlation ID, and keeps the search in the URL', async () => {
    await onPage('/traces', async (page) => {
      await page.locator('.trace-rows .row').first().waitFor();
      expect(await page.locator('.summary').innerText()).toMatch(/^41 traces/);

      await page.getByLabel('Status').selectOption('error');
      await expect.poll(() => pathOf(page)).toBe('/traces?status=error');
      await expect
        .poll(async () =>
          (await rowTexts(page, '.trace-rows')).every((text) => text.includes('POST /api/transactions')),
        )
        .toBe(true);

      await page.getByLabel('Correlation ID', { exact: true }).fill(told.failed.correlationId);
      await page.keyboard.press('Enter');
      await expect.poll(() => rowTexts(page, '.trace-rows')).toHaveLength(1);
      expect((await rowTexts(page, '.trace-rows'))[0]).toContain(told.failed.correlationId);

      await page.getByLabel('Attributes').fill('http.response.status_code=500');
      await page.keyboard.press('Enter');
      await page.getByLabel('From duration').fill('0.1 s');
      await page.keyboard.press('Enter');
      await expect.poll(() => pathOf(page)).toContain('minDurationMs=100');
      await expect.poll(() => rowTexts(page, '.trace-rows')).toHaveLength(1);

      await page.getByLabel('To duration').fill('200ms');
      await page.keyboard.press('Enter');
      await page.getByText('No trace matches').waitFor();
      await page.goBack();
      await expect.poll(() => rowTexts(page, '.trace-rows')).toHaveLength(1);
      await page.getByText('Clear all filters').click();
      await expect.poll(() => page.locator('.summary').innerText()).toMatch(/^41 traces/);
    });
  });

  it('opens the URL of a search as it was left', async () => {
    await onPage(`/traces?service=etl-worker&attribute=messaging.system%3Drabbitmq`, async (page) => {
      await page.locator('.trace-rows .row').first().waitFor();
      expect(await page.getByLabel('Service').inputValue()).toBe('etl-worker');
      for (const text of await rowTexts(page, '.trace-rows')) expect(text).toContain('etl-worker');
    });
  });

  it('shows what arrives while it is followed live', async () => {
    await onPage('/traces?live=1&service=late-service', async (page) => {
      await page.getByText('No trace matches').waitFor();
      const [first] = told.telemetry.spans;
      const records = [{ ...required(first?.records[0]), traceId: 'f'.repeat(32), parentSpanId: '' }];
      await stage.send({ spans: [{ service: 'late-service', records }], logs: [], metrics: [] });
      await expect.poll(() => rowTexts(page, '.trace-rows'), { timeout: 15_000 }).toHaveLength(1);
    });
  });
});

describe('a trace', () => {
  it('is a tree with the right nesting, that closes and opens', async () => {
    await onPage(`/trace/${told.failed.traceId}`, async (page) => {
      expect(await outline(page)).toStrictEqual([
        ['POST /api/transactions', 1],
        ['middleware - authenticate', 2],
        ['redis-GET', 3],
        ['request handler - /api/transactions', 2],
        ['SELECT crm.users', 3],
        ['POST', 3],
        ['POST /predict/fraud', 4],
        ['load features', 5],
        ['model.predict', 5],
        ['pg transaction', 3],
        ['INSERT crm.transactions', 4],
        ['INSERT crm.transactions', 4],
        ['INSERT crm.transactions', 4],
      ]);
      expect(await page.locator('.span-rows .icon-error[aria-label="Error"]').count()).toBe(5);
      await page
        .getByRole('button', { name: /^Close 3 spans below/ })
        .last()
        .click();
      await expect.poll(async () => (await outline(page)).length).toBe(10);
      await page.getByRole('button', { name: 'Close all' }).click();
      await expect.poll(async () => (await outline(page)).length).toBe(1);
      await page.getByRole('button', { name: 'Open all' }).click();
      await expect.poll(async () => (await outline(page)).length).toBe(13);
    });
  });

  it('tells the facts of the span under the pointer, and zooms to a part of the time', async () => {
    await onPage(`/trace/${told.failed.traceId}`, async (page) => {
      await page.locator('.span-rows .row', { hasText: 'model.predict' }).hover();
      await expect
        .poll(() => page.locator('.span-tip').innerText())
        .toMatch(/model\.predict[\s\S]*17 ms[\s\S]*27\.5 ms/);
      const bars = page.locator('.span-rows .span-bar');
      expect(await bars.count()).toBe(13);
      const box = required((await page.locator('.minimap').boundingBox()) ?? undefined);
      await page.mouse.move(box.x + box.width * 0.9, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.99, box.y + 20, { steps: 4 });
      await page.mouse.up();
      await expect.poll(() => bars.count()).toBeLessThan(5);
      await page.locator('.span-rows').focus();
      await page.keyboard.press('Escape');
      await expect.poll(() => bars.count()).toBe(13);
    });
  });

  it('has its logs beside it; choosing a span marks its own and can show them alone', async () => {
    await onPage(`/trace/${told.failed.traceId}`, async (page) => {
      await page.locator('.trace-log-rows .row').first().waitFor();
      expect(await page.locator('.trace-log-rows .log-text').allInnerTexts()).toStrictEqual(
        expect.arrayContaining([
          'POST /api/transactions started',
          'prediction made: fraud score 0.083',
          'transaction conflict, attempt 3 of 3',
        ]),
      );
      await page.locator('.span-rows .row', { hasText: 'pg transaction' }).click();
      const panel = page.getByRole('complementary', { name: 'Span pg transaction' });
      await panel.getByText('could not serialize access due to concurrent update').first().waitFor();
      await panel.getByText('exception.stacktrace').waitFor();
      await expect.poll(() => page.locator('.trace-log-rows .row[data-own]').count()).toBe(3);
      expect(pathOf(page)).toContain('?span=');
      await page.getByRole('button', { name: 'Only this span (3)' }).click();
      await expect.poll(() => page.locator('.trace-log-rows .row').count()).toBe(3);
      await page.keyboard.press('Escape');
      await expect.poll(() => pathOf(page)).toBe(`/trace/${told.failed.traceId}`);
    });
  });
});

describe('the ID box', () => {
  const spanOf = (name: string): string =>
    told.telemetry.spans
      .flatMap((scope) => scope.records)
      .find((span) => span.traceId === told.failed.traceId && span.name === name)?.spanId ?? '';

  const goTo = async (page: Page, text: string): Promise<void> => {
    await page.keyboard.press('/');
    await page.keyboard.insertText(text);
    await page.keyboard.press('Enter');
  };

  it('finds a correlation ID with its spans, logs and metrics in order', async () => {
    await onPage('/logs', async (page) => {
      await page.locator('.log-rows .row').first().waitFor();
      await goTo(page, ` "${told.failed.correlationId}" `);
      await expect.poll(() => pathOf(page)).toBe(`/correlate/${told.failed.correlationId}`);
      await page.locator('.timeline-rows .row').first().waitFor();
      expect(await page.locator('.chips').innerText()).toMatch(/13 spans\s+8 log lines\s+[1-9]\d* metrics?/);
      const messages = (await page.locator('.timeline-rows .message').allInnerTexts()).map((text) => text.trim());
      expect(messages[0]).toContain('POST /api/transactions');
      expect(messages.findIndex((text) => text.includes('attempt 1 of 3'))).toBeLessThan(
        messages.findIndex((text) => text.includes('attempt 2 of 3')),
      );
      await page.keyboard.press('End');
      await page
        .locator('.timeline-rows .row[data-kind="metric"]', { hasText: 'http_request_duration_seconds' })
        .first()
        .click();
      await page.getByText('Open its chart').click();
      await expect.poll(() => pathOf(page)).toContain('/metrics?name=http_request_duration_seconds');
      await page.locator('.chart canvas').waitFor();
    });
  });

  it('finds a trace ID, a span ID and a traceparent', async () => {
    await onPage('/', async (page) => {
      await goTo(page, told.failed.traceId.toUpperCase());
      await expect.poll(() => pathOf(page)).toBe(`/trace/${told.failed.traceId}`);
      await goTo(page, spanOf('model.predict'));
      await expect.poll(() => pathOf(page)).toBe(`/trace/${told.failed.traceId}?span=${spanOf('model.predict')}`);
      await page.getByRole('complementary', { name: 'Span model.predict' }).waitFor();
      await goTo(page, `traceparent: 00-${told.failed.traceId}-${spanOf('redis-GET')}-01`);
      await page.getByRole('complementary', { name: 'Span redis-GET' }).waitFor();
    });
  });

  it('says when nothing is found', async () => {
    await onPage('/', async (page) => {
      await goTo(page, 'no such thing');
      await page.getByRole('heading', { name: 'Nothing found for no such thing' }).waitFor();
      expect(pathOf(page)).toBe('/correlate/no%20such%20thing');
    });
  });
});

describe('logs', () => {
  it('are found by text and level; a line opens to its fields, its trace and its correlation', async () => {
    await onPage('/logs?minLevel=warn', async (page) => {
      await page.locator('.log-rows .row').first().waitFor();
      expect(new Set(await page.locator('.log-rows .level').allInnerTexts())).toStrictEqual(new Set(['WARN', 'ERROR']));
      await page.getByLabel('Text').fill('ATTEMPT 2');
      await page.keyboard.press('Enter');
      await page.getByLabel('Correlation ID', { exact: true }).fill(told.failed.correlationId);
      await page.keyboard.press('Enter');
      await expect
        .poll(() => page.locator('.log-rows .log-text').allInnerTexts())
        .toStrictEqual(['transaction conflict, attempt 2 of 3']);
      await page.locator('.log-rows .row').click();
      await page.locator('.log-detail').getByText('slow_query').waitFor();
      await page.getByText(`Everything for ${told.failed.correlationId}`).waitFor();
      await page.locator('.log-detail').getByText('Open its trace').click();
      await expect.poll(() => pathOf(page)).toContain(`/trace/${told.failed.traceId}?span=`);
    });
  });
});

describe('metrics', () => {
  /** Pixels of the chart that are neither empty nor grey: its lines. */
  const paintedPixels = (page: Page): Promise<number> =>
    page.locator('.chart canvas').evaluate((canvas: HTMLCanvasElement) => {
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let painted = 0;
      for (let at = 0; at < data.length; at += 4) {
        const [red = 0, green = 0, blue = 0, alpha = 0] = [data[at], data[at + 1], data[at + 2], data[at + 3]];
        if (alpha > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) painted += 1;
      }
      return painted;
    });

  it('are drawn as lines, by quantile and by rate, grouped by a label', async () => {
    await onPage('/metrics', async (page) => {
      await page.locator('.chart canvas').waitFor();
      expect(await page.getByLabel('Show', { exact: true }).inputValue()).toBe('quantile 0.95');
      await expect.poll(() => paintedPixels(page)).toBeGreaterThan(500);
      expect(await page.locator('.legend-table tbody tr').count()).toBe(4);

      await page.getByLabel('Find a metric').fill('requests total');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'by route' }).click();
      await expect.poll(() => page.locator('.legend-table tbody th').allInnerTexts()).toHaveLength(3);
      expect(await page.locator('.legend-table tbody').innerText()).toMatch(/route=\/api\/users\/:id[\s\S]*\/s/);
      await expect.poll(() => paintedPixels(page)).toBeGreaterThan(500);
      await page.getByLabel('Labels').fill('route=/api/transactions');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('.legend-table tbody th').allInnerTexts()).toHaveLength(1);
    });
  });

  it('says when a metric is not there and when it has no values in the time asked for', async () => {
    await onPage('/metrics?name=nothing_total', async (page) => {
      await page.getByText('Nothing found for nothing_total').waitFor();
      expect(await page.locator('.chart').count()).toBe(0);
    });
    await onPage('/metrics?name=http_requests_total&startMs=1000&endMs=60000', async (page) => {
      await page.getByText('No values in this time range').waitFor();
      await page.getByText('Show all time').click();
      await page.locator('.chart canvas').waitFor();
    });
  });
});

describe('the keyboard', () => {
  it('goes through a search, into a trace and back to the same row', async () => {
    await onPage('/traces', async (page) => {
      await page.locator('.trace-rows .row').first().waitFor();
      for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
      const row = page.locator('.trace-rows .row[data-active]');
      const chosen = await row.getByRole('link').first().getAttribute('href');
      expect(await row.getAttribute('aria-rowindex')).toBe('3');
      await page.keyboard.press('Enter');
      await expect.poll(() => pathOf(page)).toBe(chosen);
      await outline(page);

      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.locator('.span-panel').waitFor();
      const rows = (await outline(page)).length;
      await page.keyboard.press('ArrowLeft');
      await expect.poll(async () => (await outline(page)).length).toBeLessThan(rows);
      await page.keyboard.press('ArrowRight');
      await expect.poll(async () => (await outline(page)).length).toBe(rows);
      await page.keyboard.press('Escape');
      await expect.poll(() => page.locator('.span-panel').count()).toBe(0);

      await page.goBack();
      await expect.poll(() => row.getAttribute('aria-rowindex')).toBe('3');
    });
  });

  it('shows its help, goes to pages, filters and the ID box', async () => {
    await onPage('/traces', async (page) => {
      await page.locator('.trace-rows .row').first().waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      await page.keyboard.press('Escape');
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
      await page.keyboard.press('g');
      await page.keyboard.press('l');
      await expect.poll(() => pathOf(page)).toBe('/logs');
      // The address changes before the page does: until then `f` goes to a filter that is about to leave.
      await page.locator('form[aria-label="Search logs"]').waitFor({ state: 'attached' });
      await page.keyboard.press('f');
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.closest('form')?.getAttribute('aria-label')))
        .toBe('Search logs');
      await page.keyboard.press('Escape');
      await page.keyboard.press('/');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('id-box');
    });
  });

  it('reaches everything on a page with Tab, and shows where it is', async () => {
    await onPage('/traces', async (page) => {
      await page.locator('.trace-rows .row').first().waitFor();
      const names: string[] = [];
      for (let name = ''; name !== 'end of the page'; names.push(name)) {
        await page.keyboard.press('Tab');
        name = await page.evaluate(() => {
          const { activeElement } = document;
          if (activeElement === null || activeElement === document.body) return 'end of the page';
          const marked = getComputedStyle(activeElement).outlineStyle !== 'none';
          return `${activeElement.className || activeElement.id || activeElement.tagName}${marked ? '' : ' without a mark'}`;
        });
      }
      expect(names).toContain('skip');
      expect(names).toContain('id-box');
      expect(names).toContain('rows trace-rows');
      expect(names.filter((name) => name.endsWith('without a mark'))).toStrictEqual([]);
    });
  });
});
