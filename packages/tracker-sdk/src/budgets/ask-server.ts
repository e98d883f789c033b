import type { BudgetConnection, BudgetUse } from '../budget-source.ts';

/** What the server answers to a check, and to a reservation. Everything is looked at before it is relied on. */
export interface ServerDecision {
  readonly decision: 'allow' | 'throttle' | 'block';
  readonly budgets: readonly BudgetUse[];
  readonly ttlSeconds: number;
  readonly admitted?: boolean | undefined;
  readonly reservation?: object | null | undefined;
  readonly retryAfterSeconds?: number | null | undefined;
}

/** Asks the server; rejects when there is no answer that can be understood. */
export type AskServer = (
  method: 'POST' | 'DELETE',
  path: string,
  body?: object,
) => Promise<ServerDecision | undefined>;

/** Makes the one way to the server's budgets. */
export function serverAsker(
  { endpoint = '', apiKey, fetch = (url, init) => globalThis.fetch(url, init) }: BudgetConnection,
  timeoutMs: number,
): AskServer {
  async function ask(
    signal: AbortSignal,
    ...[method, path, body]: Parameters<AskServer>
  ): ReturnType<AskServer> {
    const response = await fetch(`${endpoint.replace(/\/+$/, '')}/v1/budgets/${path}`, {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(apiKey && { authorization: `Bearer ${apiKey}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal,
    });
    if (method === 'DELETE') return undefined;
    const answer = (response.ok ? await response.json() : undefined) as Partial<ServerDecision> | undefined;
    const { decision, budgets: told, ttlSeconds } = answer ?? {};
    if (!decision || !['allow', 'throttle', 'block'].includes(decision))
      throw new Error(`HTTP ${response.status} without a decision.`);
    return {
      ...answer,
      decision,
      budgets: Array.isArray(told) ? told.map(outline) : [],
      ttlSeconds: Number(ttlSeconds) || 0,
    };
  }

  return (...question) => {
    const signal = AbortSignal.timeout(timeoutMs);
    // A fetch function of the host's may not know the signal, and a call waits for the answer.
    const late = new Promise<never>((_, reject) => {
      signal.onabort = () => reject(signal.reason as Error);
    });
    return Promise.race([ask(signal, ...question), late]);
  };
}

function outline({ id, name, decision, state, resetsAt }: BudgetUse): BudgetUse {
  return { id, name: name ?? null, decision, state, resetsAt: resetsAt ?? null };
}
