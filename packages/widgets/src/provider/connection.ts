import type { QueryClient } from '@tanstack/react-query';
import type { TallykitClient } from '@tallykit/client';
import { createContext, useContext } from 'react';

/** Where connected widgets get their figures from. */
export interface Connection {
  readonly client: TallykitClient;
  readonly queryClient: QueryClient;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Null outside of a `TallykitProvider`. */
export const ConnectionContext = /* @__PURE__ */ createContext<Connection | null>(null);

/** The connection of a widget. Throws where there is no provider; the widget's own boundary shows it. */
export function useConnection(): Connection {
  const connection = useContext(ConnectionContext);
  if (connection) return connection;
  throw new Error(
    'A Tallykit widget stands outside of TallykitProvider, so it has nowhere to get its figures from. ' +
      'Put <TallykitProvider client={createClient({ ... })}> around it, or use its View with figures of your own.',
  );
}
