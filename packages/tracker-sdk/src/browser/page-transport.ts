import type { IngestAnswer, IngestRequest } from '@tallykit/protocol';
import type { FetchFunction, IngestTransport } from '../delivery/send-batch.ts';

/** What of a page is used. Workers have no document, and tests bring their own. */
export interface Page {
  readonly document?: {
    readonly visibilityState?: string;
    addEventListener(event: 'visibilitychange', listener: () => void): void;
    removeEventListener(event: 'visibilitychange', listener: () => void): void;
  };
  readonly navigator?: { sendBeacon?(url: string, body: Blob): boolean };
  addEventListener?(event: 'pagehide', listener: () => void): void;
  removeEventListener?(event: 'pagehide', listener: () => void): void;
}

/** Browsers let a page leave with at most 64 KiB of requests that outlive it, all together. */
export const mostKeptAlive = 60_000;

const everything = ({ events }: IngestRequest): IngestAnswer => ({
  accepted: events.length,
  duplicates: 0,
  problems: [],
});

/** A way to the relay that outlives the page. */
export interface PageTransport {
  readonly send: IngestTransport;
  /** The page is going: what is sent from now on goes as a beacon, and nobody waits for answers any more. */
  readonly leave: () => void;
  /** The page came back. */
  readonly stay: () => void;
}

/**
 * Sends batches to the relay. While the page is there that is an ordinary request; once it goes, answers can not be
 * waited for, so batches are handed to the browser at once and taken as arrived. Should the page come back and send one
 * again, it has the same ids and counts once.
 */
export function pageTransport(
  relay: string,
  page: Page,
  fetch: FetchFunction = (url, init) => globalThis.fetch(url, init),
): PageTransport {
  let leaving = false;
  let hurry: (() => void) | undefined;

  function beacon(request: IngestRequest): IngestAnswer | undefined {
    const body = new Blob([JSON.stringify(request)], { type: 'application/json' });
    return page.navigator?.sendBeacon?.(relay, body) ? everything(request) : undefined;
  }

  async function ask(request: IngestRequest): Promise<IngestAnswer> {
    const body = JSON.stringify(request);
    const response = await fetch(relay, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      credentials: 'same-origin',
      keepalive: body.length < mostKeptAlive,
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer as IngestAnswer;
    throw Object.assign(new Error(`The relay answered HTTP ${response.status}.`), {
      status: response.status,
    });
  }

  return {
    async send(request) {
      const sent = leaving ? beacon(request) : undefined;
      if (sent) return sent;
      const left = new Promise<IngestAnswer>((resolve) => {
        hurry = () => resolve(everything(request));
      });
      return Promise.race([ask(request), left]);
    },
    leave() {
      leaving = true;
      // The request on the way outlives the page; the next batch must not wait for its answer.
      hurry?.();
    },
    stay() {
      leaving = false;
    },
  };
}
