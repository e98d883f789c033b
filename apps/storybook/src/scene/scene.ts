import type { TallykitClient } from '@tallykit/client';
import {
  createFixtureClient,
  fetchFromHandlers,
  fixtureHandlers,
  type HandlerOptions,
} from '@tallykit/client/testing';
import type { ToolbarValues } from './toolbar.ts';

/** What the server does in a story, as its parameter `scene`. Without one, a story needs no server. */
export interface Scene {
  readonly variant?: HandlerOptions['variant'];
  /** `failsAfterwards`: the first question is answered, every later one fails. */
  readonly behaviour?: HandlerOptions['behaviour'] | 'failsAfterwards';
  /** Instead of the toolbar's reader. */
  readonly reader?: ToolbarValues['reader'];
}

/**
 * A client whose server is played by msw handlers inside the page: no service worker, so it also works in a static build
 * and under a strict content policy.
 */
export function clientOfScene(scene: Scene, reader: ToolbarValues['reader']): TallykitClient {
  const { behaviour, ...rest } = scene;
  const options = { ...rest, visibility: scene.reader ?? reader };
  if (behaviour !== 'failsAfterwards') return createFixtureClient({ ...options, behaviour });
  const answering = fetchFromHandlers(fixtureHandlers(options));
  const failing = fetchFromHandlers(fixtureHandlers({ ...options, behaviour: 'failed' }));
  let asked = 0;
  return createFixtureClient({
    ...options,
    client: {
      fetch: (input, init) => {
        asked += 1;
        return (asked === 1 ? answering : failing)(input, init);
      },
    },
  });
}
