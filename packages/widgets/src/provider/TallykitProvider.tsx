import { QueryClient } from '@tanstack/react-query';
import type { TallykitClient } from '@tallykit/client';
import { clearOnPrincipalChange } from '@tallykit/client/react-query';
import { useEffect, useMemo, useState } from 'react';
import { ConnectionContext } from './connection.ts';
import type { TallykitSettingsProps } from './settings.ts';
import { TallykitSettingsProvider } from './TallykitSettingsProvider.tsx';

/** What {@link TallykitProvider} takes. */
export interface TallykitProviderProps extends TallykitSettingsProps {
  /** Made by `createClient` of `@tallykit/client`. Make it once, outside of rendering. */
  readonly client: TallykitClient;
  /** The cache of answers. Default: one of its own, apart from the host's. Give one to fill it on a server. */
  readonly queryClient?: QueryClient | undefined;
  /** The clock by which figures become stale, in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Connects the widgets within it to a mounted Tallykit server. Renders no element of its own. When somebody else signs
 * in, everything that was cached for the one before is dropped.
 *
 * @example
 * <TallykitProvider client={client} locale="en-GB" theme="system">
 *   <TokenSpendKpi />
 * </TallykitProvider>
 */
export function TallykitProvider({
  client,
  queryClient,
  now = Date.now,
  ...settings
}: TallykitProviderProps) {
  const [own] = useState(() => new QueryClient());
  const cache = queryClient ?? own;
  const connection = useMemo(() => ({ client, queryClient: cache, now }), [client, cache, now]);
  useEffect(() => clearOnPrincipalChange(client, cache), [client, cache]);
  return (
    <ConnectionContext.Provider value={connection}>
      <TallykitSettingsProvider {...settings} />
    </ConnectionContext.Provider>
  );
}
