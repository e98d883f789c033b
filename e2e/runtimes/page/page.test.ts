import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../browser/launch-chromium.ts';
import { buildTracker } from '../build-tracker.ts';
import { startHostServer, type HostServer } from '../start-host-server.ts';
import { startPageHost, type PageHost } from './start-page-host.ts';

const patience = { timeout: 15_000 };

let server: HostServer;
let host: PageHost;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let account = '';
let accounts = 0;

beforeAll(async () => {
  await buildTracker();
  server = await startHostServer();
  [host, browser] = await Promise.all([startPageHost(server), launchChromium({ keepPages: true })]);
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  await server?.close();
});

/** No event goes out by its time alone. */
const patient = '/?interval=600000';

beforeEach(async () => {
  account = `account-${++accounts}`;
  context = await browser.newContext();
  await context.addCookies([{ name: 'session', value: account, url: host.origin, sameSite: 'Lax' }]);
  page = await context.newPage();
  host.slowness.milliseconds = 0;
});
afterEach(() => context.close());

const record = (name: string, count: number, attribution: object = {}): Promise<void> =>
  page.evaluate(`record('${name}', ${count}, ${JSON.stringify(attribution)})`);
const seen = (): number => host.seen.length;

test('events of a page arrive after the interval, each once', async () => {
  await page.goto(`${host.origin}/?interval=50`);
  await record('clicked', 7);
  expect(await server.telemetryOf(account, 7)).toEqual({ clicked: 7 });
  await expect
    .poll(() => page.evaluate('stats()'), patience)
    .toMatchObject({ recorded: 7, accepted: 7, lost: {} });
});

test('what waits when the reader goes to another page arrives, each once', async () => {
  await page.goto(host.origin + patient);
  await record('left', 150);
  const before = seen();
  await page.goto(`${host.origin}/other`);
  expect(await server.telemetryOf(account, 150)).toEqual({ left: 150 });
  expect(seen()).toBeGreaterThan(before);
});

test('what waits when the reader closes the tab arrives, each once', async () => {
  await page.goto(host.origin + patient);
  await record('closed', 40);
  await page.close({ runBeforeUnload: true });
  expect(await server.telemetryOf(account, 40)).toEqual({ closed: 40 });
});

test('a batch on its way when the page goes counts once, and so does what waited behind it', async () => {
  host.slowness.milliseconds = 1_000;
  await page.goto(host.origin + patient);
  await record('sent', 10);
  await page.evaluate('void flush()');
  await expect
    .poll(() => host.sent.some(({ body }) => body.includes(account) && body.includes('"sent"')), patience)
    .toBe(true);
  await record('waiting', 10);
  await page.goto(`${host.origin}/other`);
  expect(await server.telemetryOf(account, 20)).toEqual({ sent: 10, waiting: 10 });
});

test('what waits when the page is hidden leaves at once, and the page goes on when it is seen again', async () => {
  await page.goto(host.origin + patient);
  await record('before', 5);
  const show = (state: string): Promise<void> =>
    page.evaluate(`{
      Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }`);
  await show('hidden');
  expect(await server.telemetryOf(account, 5)).toEqual({ before: 5 });
  await show('visible');
  await record('after', 5);
  expect(await page.evaluate('flush()')).toBe(true);
  expect(await server.telemetryOf(account, 10)).toEqual({ before: 5, after: 5 });
});

test('a page that comes back from the cache of pages delivers as before, each event once', async () => {
  await page.goto(host.origin + patient);
  await record('first', 6);
  // The page acts by itself: whoever steers the browser is not told that an old page came back.
  await page.evaluate(`addEventListener('pageshow', async ({ persisted }) => {
    if (!persisted) return;
    record('second', 6);
    if (await flush()) record('third', 6);
    if (stats().accepted === 12 && stats().queued === 6) record('accounted', 1);
    location.href = '/other';
  })`);
  await page.goto(`${host.origin}/other`);
  await page.evaluate('void setTimeout(() => history.back())');
  const all = { first: 6, second: 6, third: 6, accounted: 1 };
  expect(await server.telemetryOf(account, 19)).toEqual(all);
});

test('events of a web worker arrive when it flushes', async () => {
  await page.goto(host.origin + patient);
  const flushed = page.evaluate(`new Promise((resolve) => {
    const worker = new Worker('/worker.js', { type: 'module' });
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage(9);
  })`);
  expect(await flushed).toBe(true);
  expect(await server.telemetryOf(account, 9)).toEqual({ worked: 9 });
});

test('whatever a page claims, its events belong to the account that is signed in', async () => {
  await page.goto(host.origin + patient);
  await record('claimed', 3, { customerId: 'victim', userId: 'mallory' });
  await page.evaluate('flush()');
  expect(await server.telemetryOf(account, 3)).toEqual({ claimed: 3 });
  expect(await server.telemetryOf('victim', 0)).toEqual({});
  const [last] = host.sent.slice(-1);
  expect(last?.body).toContain(`"userId":"user-of-${account}"`);
  expect(last?.body).not.toMatch(/victim|mallory|forged/);
});

test('a call that a page makes up is refused, and told as lost', async () => {
  await page.goto(host.origin + patient);
  await page.evaluate('call()');
  await page.evaluate('flush()');
  expect(await page.evaluate('stats()')).toMatchObject({ recorded: 1, accepted: 0, lost: { rejected: 1 } });
  expect(await server.callsOf(account, 0)).toBe(0);
});

test('a page of another site can post no usage in the name of who is signed in here', async () => {
  // Refused for its form, before any cookie is looked at: a host's cookies may be of the kind that goes along.
  const { origin, foreignOrigin } = host;
  await page.goto(`${foreignOrigin}/attack`);
  const before = seen();
  const event = `{"protocol":1,"sentAt":"2026-01-01T00:00:00Z","events":[],"x":"`;
  await page.evaluate(`{
    document.forms[0].action = '${origin}/api/usage';
    document.forms[0].elements[0].name = ${JSON.stringify(event)};
  }`);
  await Promise.all([page.waitForResponse(`${origin}/api/usage`), page.click('button')]);
  expect(host.seen.slice(before).map(({ status }) => status)).toEqual([415]);
  await page.goto(`${foreignOrigin}/attack`);
  const refused = page.evaluate(`fetch('${origin}/api/usage', {
    method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{"events":[]}',
  }).then(() => 'sent', () => 'refused')`);
  expect(await refused).toBe('refused');
  expect(host.seen.slice(before).every(({ status }) => status >= 400)).toBe(true);
});

test('nobody who is not signed in is heard', async () => {
  await context.clearCookies();
  await page.goto(host.origin + patient);
  const before = seen();
  await record('unknown', 1);
  await page.goto(`${host.origin}/other`);
  await expect.poll(() => host.seen.slice(before).map(({ status }) => status), patience).toEqual([401]);
});

test('the key is in nothing that a page was given or sent, and the session in nothing that left the host', () => {
  const toPages = [...host.served, ...host.seen.flatMap(({ headers, body }) => [headers, body])].join('\n');
  expect(server.apiKey).toMatch(/^tk_ingest_/);
  expect(toPages).not.toContain(server.apiKey);
  expect(toPages).not.toMatch(/tk_(ingest|server)_/);
  expect(toPages).toContain('session=account-1');
  expect(host.sent.length).toBeGreaterThan(5);
  for (const { headers, body } of host.sent) {
    expect(Object.keys(headers).sort()).toEqual(['authorization', 'content-type']);
    expect(body).not.toContain('session=');
  }
});
