import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from '@crmbet/telemetry';
import { chromium, type Browser, type Page } from 'playwright-core';
import { otlpBodies, type Telemetry } from './web-telemetry.ts';

const webRoot = join(import.meta.dirname, '../../packages/web/dist');
const chromiumArguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A page that keeps what should not happen on it. */
export interface Visit {
  page: Page;
  /** Errors and warnings of the console (what the content security policy refused among them), uncaught errors, and requests that leave the origin. */
  problems: string[];
}

interface VisitOptions {
  scheme?: 'light' | 'dark';
  width?: number;
  height?: number;
}

/** A real store and receiver with the built UI, and a real browser. */
export interface Stage {
  url: string;
  send: (telemetry: Telemetry) => Promise<void>;
  visit: (path: string, options?: VisitOptions) => Promise<Visit>;
  close: () => Promise<void>;
}

/** @throws {Error} when CRMBET_TEST_CHROMIUM is not set, or the UI is not built */
export async function openStage(): Promise<Stage> {
  const executablePath = process.env['CRMBET_TEST_CHROMIUM'];
  if (executablePath === undefined || executablePath === '')
    throw new Error('CRMBET_TEST_CHROMIUM must be the path of Chromium.');
  const folder = await mkdtemp(join(tmpdir(), 'crmbet-web-'));
  const local = await startLocal({
    httpPort: 0,
    grpcPort: 0,
    uiPort: 0,
    path: join(folder, 'telemetry.duckdb'),
    webRoot,
  });
  const browser = await chromium.launch({ executablePath, args: chromiumArguments });
  return {
    url: local.url,
    send: (telemetry) => send(`http://127.0.0.1:${local.httpPort}`, telemetry),
    visit: (path, options) => visit(browser, local.url, path, options),
    close: async () => {
      await browser.close();
      await local.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function send(url: string, telemetry: Telemetry): Promise<void> {
  for (const { path, body } of otlpBodies(telemetry)) {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as { partialSuccess?: object };
    if (!response.ok || Object.keys(answer.partialSuccess ?? {}).length > 0) {
      throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    }
  }
}

async function visit(browser: Browser, url: string, path: string, options: VisitOptions = {}): Promise<Visit> {
  const { scheme = 'light', width = 1280, height = 800 } = options;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) problems.push(`left the origin: ${request.url()}`);
  });
  await page.goto(url + path);
  return { page, problems };
}

/** Runs `look` on a page and closes it. @returns what went wrong on it besides */
export async function onPage(
  stage: Stage,
  path: string,
  look: (page: Page) => Promise<void>,
  options: VisitOptions = {},
): Promise<string[]> {
  const { page, problems } = await stage.visit(path, options);
  try {
    await look(page);
  } finally {
    await page.context().close();
  }
  return problems;
}
