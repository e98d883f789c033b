// A worker of a host's page. It has no moment at which it goes, so it flushes.
import { createBrowserTracker } from '@tallykit/tracker-sdk/browser';

const tracker = createBrowserTracker({ relay: '/api/usage', flushIntervalMs: 60_000 });
globalThis.onmessage = async ({ data }) => {
  for (let index = 0; index < data; index++) tracker.telemetry('worked');
  postMessage(await tracker.flush());
};
