// A host's page as its author writes it. What a test does in it, it does through `record`.
import { createBrowserTracker } from '@tallykit/tracker-sdk/browser';

const flushIntervalMs = Number(new URLSearchParams(location.search).get('interval'));
const tracker = createBrowserTracker({ relay: '/api/usage', flushIntervalMs, environment: 'forged' });

globalThis.record = (name, count, attribution = {}) => {
  for (let index = 0; index < count; index++) tracker.telemetry(name, attribution);
};
globalThis.stats = () => tracker.stats();
globalThis.flush = () => tracker.flush();
globalThis.call = () =>
  tracker.record({ provider: 'openai', requestModel: 'gpt-4o-mini', operation: 'chat', usage: { input: 9 } });
