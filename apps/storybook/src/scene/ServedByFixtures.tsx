import { fixtureNow } from '@tallykit/client/testing';
import { TallykitProvider, type TallykitSettings } from '@tallykit/widgets';
import { QueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { clientOfScene, type Scene } from './scene.ts';
import type { ToolbarValues } from './toolbar.ts';

interface ServedByFixturesProps {
  readonly scene: Scene;
  readonly reader: ToolbarValues['reader'];
  readonly settings: TallykitSettings;
  readonly children: ReactNode;
}

const stillClock = (): number => fixtureNow;

/** Connects what is within to the server of a scene. Each story has a cache of its own, so no two can meet. */
export function ServedByFixtures({ scene, reader, settings, children }: ServedByFixturesProps) {
  const [client] = useState(() => clientOfScene(scene, reader));
  const [queryClient] = useState(() => new QueryClient());
  const asksAgain = scene.behaviour === 'failsAfterwards';
  useEffect(() => {
    if (!asksAgain) return undefined;
    const cache = queryClient.getQueryCache();
    const stop = cache.subscribe(({ type, query }) => {
      if (type !== 'updated' || query.state.status !== 'success') return;
      stop();
      void queryClient.invalidateQueries();
    });
    return stop;
  }, [asksAgain, queryClient]);
  return (
    <TallykitProvider client={client} queryClient={queryClient} now={stillClock} {...settings}>
      {children}
    </TallykitProvider>
  );
}
