/**
 * Who the answers belong to, as the key under which they are cached. It says nothing about rights; it only keeps the
 * answers of two principals apart.
 */
export interface PrincipalIdentity {
  /** The cache key of the principal now. Changes when somebody else is signed in. */
  current(): string;
  /** Runs after each change; answers with the way to stop. */
  subscribe(listener: () => void): () => void;
  /** Says that somebody else is signed in now. */
  change(principal?: string): void;
  /**
   * Reports what a source (the token, the server's own answer) knows about the principal. The first report of a source
   * is taken as it is; a different one later is a change. Answers whether it was.
   */
  observe(source: 'token' | 'answer', identity: string): boolean;
}

/** Starts with `principal` as the key. */
export function createPrincipalIdentity(principal: string): PrincipalIdentity {
  let base = principal;
  let generation = 0;
  let known: { token?: string; answer?: string } = {};
  const listeners = new Set<() => void>();

  const change = (next?: string): void => {
    if (next !== undefined && next !== base) {
      base = next;
      generation = 0;
    } else {
      generation += 1;
    }
    known = {};
    for (const listener of [...listeners]) listener();
  };

  return {
    current: () => (generation === 0 ? base : `${base}~${generation}`),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change,
    observe: (source, identity) => {
      const before = known[source];
      if (before === identity) return false;
      if (before !== undefined) change();
      known = { ...known, [source]: identity };
      return before !== undefined;
    },
  };
}
