import { createTracker } from '../create-tracker.ts';
import type { Tracker } from '../tracker.ts';
import type { TrackerOptions } from '../tracker-options.ts';
import { pageUuid } from './page-uuid.ts';
import { mostKeptAlive, type Page, pageTransport } from './page-transport.ts';

/** Settings of {@link createBrowserTracker}: those of `createTracker` that make sense in a page. */
export interface BrowserTrackerOptions extends Omit<
  TrackerOptions,
  | 'endpoint'
  | 'apiKey'
  | 'transport'
  | 'spool'
  | 'waitUntil'
  | 'flushAtExit'
  | 'budgets'
  | 'asyncLocalStorage'
  | 'maxBatchBytes'
> {
  /** Address of the relay in the host's own backend, for example `/api/usage`: see `createRelay`. */
  readonly relay: string;
  /** Default: the global object. */
  readonly page?: Page | undefined;
}

/**
 * Makes a tracker for a page. It sends to the host's own backend, which knows who is signed in; a page holds no key.
 * When the page goes, what is left is handed to the browser (`sendBeacon`). Works in web workers, which have no
 * such moment: flush there yourself.
 *
 * @example
 * const tracker = createBrowserTracker({ relay: '/api/usage' });
 * tracker.telemetry('panel_opened');
 */
export function createBrowserTracker(options: BrowserTrackerOptions): Tracker {
  const { relay, page = globalThis as Page, fetch, ...rest } = options;
  const transport = pageTransport(relay, page, fetch);
  const tracker = createTracker({
    randomUUID: pageUuid,
    ...rest,
    transport: transport.send,
    flushAtExit: false,
    // Small enough for the browser to send without the page.
    maxBatchBytes: mostKeptAlive / 2,
  });

  const goes = (): void => {
    transport.leave();
    void tracker.flush();
  };
  const changes = (): void => {
    if (page.document?.visibilityState === 'hidden') goes();
    else transport.stay();
  };
  page.addEventListener?.('pagehide', goes);
  page.document?.addEventListener('visibilitychange', changes);

  return {
    ...tracker,
    shutdown() {
      page.removeEventListener?.('pagehide', goes);
      page.document?.removeEventListener('visibilitychange', changes);
      return tracker.shutdown();
    },
  };
}
