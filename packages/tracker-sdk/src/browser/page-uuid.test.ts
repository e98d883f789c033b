import { usageEventSchema } from '@tallykit/protocol';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createBrowserTracker } from './create-browser-tracker.ts';
import { pageUuid } from './page-uuid.ts';

test('is a UUID of version 4, and no two are alike', () => {
  const made = Array.from({ length: 1000 }, pageUuid);
  expect(new Set(made).size).toBe(1000);
  for (const uuid of made)
    expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/);
});

test('a page without TLS records, and runs what it is given', async () => {
  const { getRandomValues } = crypto;
  vi.stubGlobal('crypto', { getRandomValues: getRandomValues.bind(crypto) });
  onTestFinished(() => void vi.unstubAllGlobals());
  const sent: { readonly events: readonly unknown[] }[] = [];
  const tracker = createBrowserTracker({
    relay: '/api/usage',
    page: {},
    async fetch(_, { body }) {
      sent.push(JSON.parse(String(body)) as { events: unknown[] });
      return Response.json({ accepted: 1, duplicates: 0, problems: [] });
    },
  });
  expect(tracker.run({ flow: 'search' }, () => 'of the host')).toBe('of the host');
  tracker.telemetry('panel_opened');
  await tracker.shutdown();
  expect(sent.flatMap(({ events }) => events).map((event) => usageEventSchema.parse(event))).toHaveLength(1);
});
