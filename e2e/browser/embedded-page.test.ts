import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddingHost, type EmbeddingHost } from './embedding-host.ts';
import { launchChromium } from './launch-chromium.ts';

let browser: Browser;
let host: EmbeddingHost;
let page: Page;
let faults: string[];

beforeAll(async () => {
  [browser, host] = await Promise.all([launchChromium(), startEmbeddingHost()]);
});

afterAll(async () => {
  await browser?.close();
  await host?.close();
});

beforeEach(async () => {
  faults = [];
  page = await browser.newPage();
  // The page lives in the server's time, whenever the test runs.
  await page.clock.setSystemTime(host.clock.now());
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
});

afterEach(() => page.close());

const states = (): Promise<Record<string, string>> =>
  page.$$eval('[data-tk-widget]', (cards) =>
    Object.fromEntries(
      cards.map((card) => [
        card.getAttribute('data-tk-widget') ?? '',
        card.getAttribute('data-tk-state') ?? '',
      ]),
    ),
  );

const filled = {
  'token-spend-kpi': 'ready',
  'usage-chart': 'ready',
  'revenue-hero': 'ready',
  // Nothing of the providers' reports names this customer.
  'reconciliation-status': 'empty',
};

describe('a page on another origin', () => {
  it('shows the widgets of its customer under a strict content policy', async () => {
    await page.goto(host.page);
    await expect.poll(states, { timeout: 15_000 }).toEqual(filled);
    expect(faults).toEqual([]);
  });

  it('asks with a header only: no cookie, and no token in an address or in any storage', async () => {
    host.sessions.count = 0;
    const before = host.seen.length;
    await page.goto(host.page);
    await expect.poll(states, { timeout: 15_000 }).toEqual(filled);
    await page.evaluate(`document.cookie = 'host_session=secret'`);
    await page.reload();
    await expect.poll(states, { timeout: 15_000 }).toEqual(filled);
    const asked = host.seen.slice(before).filter(({ method }) => method !== 'OPTIONS');
    expect(asked.length).toBeGreaterThanOrEqual(8);
    for (const { url, cookie, authorization } of asked) {
      expect(authorization).toMatch(/^Bearer /);
      expect(cookie).toBeUndefined();
      expect(url).not.toContain(authorization?.slice('Bearer '.length));
    }
    // Twice loaded, once asked each time, though four widgets wanted a token.
    expect(host.sessions.count).toBe(2);
    expect(
      await page.evaluate(`indexedDB.databases().then((databases) =>
        [localStorage.length, sessionStorage.length, databases.length, document.cookie])`),
    ).toEqual([0, 0, 0, 'host_session=secret']);
  });

  it('outlives its token without losing what the reader has chosen', async () => {
    await page.goto(host.page);
    await expect.poll(states, { timeout: 15_000 }).toEqual(filled);
    const selects = page.locator('[data-tk-widget="usage-chart"] select');
    await selects.first().selectOption('flow');
    await expect.poll(states).toEqual(filled);
    host.sessions.count = 0;
    host.clock.set(host.clock.now() + 2 * 3_600_000);
    await selects.last().selectOption('week');
    await expect.poll(() => host.sessions.count).toBe(1);
    await expect.poll(states).toEqual(filled);
    expect(await selects.first().inputValue()).toBe('flow');
    expect(await selects.last().inputValue()).toBe('week');
  });

  it('drops the figures of one person as soon as the token is of another', async () => {
    await page.goto(host.page);
    await expect.poll(states, { timeout: 15_000 }).toEqual(filled);
    const before = host.seen.length;
    host.sessions.subject = 'bob';
    host.clock.set(host.clock.now() + 2 * 3_600_000);
    await page.locator('[data-tk-widget="usage-chart"] select').last().selectOption('week');
    // Every widget asks anew under the new name, not only the one that was touched.
    await expect
      .poll(() => new Set(host.seen.slice(before).map(({ url }) => /insights\/([\w-]+)/.exec(url)?.[1])).size)
      .toBeGreaterThanOrEqual(4);
    await expect.poll(states, { timeout: 15_000 }).toEqual(filled);
    host.sessions.subject = 'ann';
  });
});

it('a page of an origin that is not on the list gets nothing', async () => {
  await page.goto(host.foreignPage);
  await expect.poll(states, { timeout: 15_000 }).toEqual({
    'token-spend-kpi': 'failed',
    'usage-chart': 'failed',
    'revenue-hero': 'failed',
    'reconciliation-status': 'failed',
  });
});
