import type { RecentCall } from '../../server/assistant/live-traffic.ts';

/** Who looks at the page, and which customers there are to look as. */
export interface HostMe {
  readonly persona: string;
  readonly vendor: string;
  /** Periods that a panel offers, shortest first. */
  readonly periods: readonly { readonly label: string; readonly from: string }[];
  readonly customers: readonly { readonly id: string; readonly name: string }[];
}

async function json<Body>(path: string, init?: RequestInit): Promise<Body> {
  const response = await fetch(path, init);
  if (!response.ok) throw new Error(`The helpdesk answered ${response.status} to ${path}.`);
  return (await response.json()) as Body;
}

/** Asks the helpdesk who is signed in. */
export function fetchMe(): Promise<HostMe> {
  return json('/api/host/me');
}

/** Signs in as someone else: `operator`, `customer_admin:<id>` or `customer_member:<id>`. */
export async function signInAs(persona: string): Promise<void> {
  await json('/api/host/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ persona }),
  });
}

/** The last calls of the assistant that this visitor may know of, newest first. */
export async function fetchRecentCalls(): Promise<readonly RecentCall[]> {
  return (await json<{ calls: readonly RecentCall[] }>('/api/host/recent-calls')).calls;
}
