import type { IngestRequest } from '@tallykit/protocol';
import { beforeEach, expect, test } from 'vitest';
import { type BrowserTrackerOptions, createBrowserTracker } from './create-browser-tracker.ts';
import type { Page } from './page-transport.ts';

/** A page that can be left and come back, with the requests and beacons that it sent. */
function openPage({ hasBeacon = true } = {}) {
  const listeners = new Map<string, Set<() => void>>();
  const events = {
    addEventListener: (name: string, listener: () => void) =>
      void (listeners.get(name) ?? listeners.set(name, new Set()).get(name))?.add(listener),
    removeEventListener: (name: string, listener: () => void) => void listeners.get(name)?.delete(listener),
  };
  const document = { visibilityState: 'visible', ...events };
  const requests: { readonly body: IngestRequest; readonly init: RequestInit }[] = [];
  const beacons: Blob[] = [];
  let answer = (): Promise<Response> =>
    Promise.resolve(Response.json({ accepted: 1, duplicates: 0, problems: [] }));
  const page: Page = {
    ...events,
    document,
    navigator: hasBeacon ? { sendBeacon: (_, body) => beacons.push(body) > 0 } : {},
  };
  const options: BrowserTrackerOptions = {
    relay: '/api/usage',
    page,
    flushIntervalMs: 60_000,
    fetch: (_, init) => {
      requests.push({ body: JSON.parse(String(init.body)) as IngestRequest, init });
      return answer();
    },
  };
  const tell = (name: string): void => listeners.get(name)?.forEach((listener) => listener());
  return {
    options,
    requests,
    beacons,
    listeners: () => [...listeners.values()].reduce((sum, { size }) => sum + size, 0),
    answerWith: (next: typeof answer) => (answer = next),
    hide() {
      document.visibilityState = 'hidden';
      tell('visibilitychange');
    },
    show() {
      document.visibilityState = 'visible';
      tell('visibilitychange');
    },
    leave: () => tell('pagehide'),
  };
}

/** A page that goes runs what is due in the same turn, and nothing after it. */
const oneTurn = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await undefined;
};

let page: ReturnType<typeof openPage>;
beforeEach(() => {
  page = openPage();
});

test('sends to the relay, without any key', async () => {
  const tracker = createBrowserTracker(page.options);
  tracker.telemetry('panel_opened');
  expect(await tracker.flush()).toBe(true);
  const [{ body, init } = { body: undefined, init: {} }] = page.requests;
  expect(body?.events).toMatchObject([{ kind: 'telemetry', name: 'panel_opened' }]);
  expect(init.headers).toEqual({ 'content-type': 'application/json' });
  expect(init.keepalive).toBe(true);
});

test('hands what is left to the browser when the page goes, in the same turn', async () => {
  const tracker = createBrowserTracker(page.options);
  for (let index = 0; index < 300; index++) tracker.telemetry('scrolled');
  page.leave();
  await oneTurn();
  expect(page.requests).toHaveLength(0);
  const texts = await Promise.all(page.beacons.map((blob) => blob.text()));
  const sent = texts.flatMap((text) => (JSON.parse(text) as IngestRequest).events);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(300);
  for (const { size, type } of page.beacons) {
    expect(size).toBeLessThan(64 * 1024);
    expect(type).toBe('application/json');
  }
});

test('does not let a request on the way hold back the rest', async () => {
  const tracker = createBrowserTracker(page.options);
  page.answerWith(() => new Promise(() => undefined));
  tracker.telemetry('first');
  void tracker.flush();
  await oneTurn();
  expect(page.requests).toHaveLength(1);
  tracker.telemetry('second');
  page.leave();
  await oneTurn();
  expect(page.beacons).toHaveLength(1);
  expect(await page.beacons[0]?.text()).toContain('second');
});

test('flushes when the page is hidden, and sends ordinary requests when it is back', async () => {
  const tracker = createBrowserTracker(page.options);
  tracker.telemetry('a');
  page.hide();
  await oneTurn();
  expect(page.beacons).toHaveLength(1);
  page.show();
  tracker.telemetry('b');
  await tracker.flush();
  expect(page.requests).toHaveLength(1);
});

test('uses a request that outlives the page where there is no beacon', async () => {
  page = openPage({ hasBeacon: false });
  const tracker = createBrowserTracker(page.options);
  tracker.telemetry('a');
  page.leave();
  await oneTurn();
  expect(page.requests[0]?.init.keepalive).toBe(true);
});

test('keeps events for later when the relay is away', async () => {
  page.answerWith(() => Promise.resolve(new Response('{}', { status: 503 })));
  const tracker = createBrowserTracker({ ...page.options, flushTimeoutMs: 30 });
  tracker.telemetry('a');
  expect(await tracker.flush()).toBe(false);
  expect(tracker.stats()).toMatchObject({ queued: 1, lost: {} });
  await tracker.shutdown();
});

test('leaves nothing on the page after shutdown', async () => {
  const tracker = createBrowserTracker(page.options);
  expect(page.listeners()).toBe(2);
  await tracker.shutdown();
  expect(page.listeners()).toBe(0);
});

test('works where there is no document, as in a web worker', async () => {
  const { fetch } = page.options;
  const tracker = createBrowserTracker({ relay: '/api/usage', page: {}, fetch });
  tracker.telemetry('a');
  expect(await tracker.flush()).toBe(true);
});
