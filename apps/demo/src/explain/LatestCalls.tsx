import { useQuery } from '@tanstack/react-query';
import type { TallykitClient } from '@tallykit/client';
import { callQuery, traceQuery } from '@tallykit/client/react-query';
import { useState } from 'react';
import type { RecentCall } from '../../server/assistant/live-traffic.ts';
import { fetchRecentCalls } from '../host/host-api.ts';
import { amountText, clockText, countText } from './figure-text.ts';
import { CallExplanation } from './CallExplanation.tsx';

const shownCalls = 8;

function CallRow(props: {
  client: TallykitClient;
  call: RecentCall;
  chosen: string | null;
  onChoose: (id: string | null) => void;
}) {
  const { data } = useQuery(traceQuery(props.client, props.call.traceId));
  const span = data?.spans.find((candidate) => candidate.kind === 'llm_call');
  return (
    <tr>
      <td>{clockText(props.call.startedAt)}</td>
      <td>
        {span ? (
          <button
            type="button"
            aria-expanded={props.chosen === span.id}
            onClick={() => props.onChoose(props.chosen === span.id ? null : span.id)}
          >
            {props.call.flow}
          </button>
        ) : (
          props.call.flow
        )}
      </td>
      <td>{props.call.model}</td>
      <td className="host-number">{countText(span?.tokens ?? null)}</td>
      <td className="host-number">
        {span?.pending ? <span className="host-pill">pending</span> : amountText(span?.cost ?? null)}
      </td>
    </tr>
  );
}

/** What the assistant has just done, each call explained down to the price row that made its cost. */
export function LatestCalls({ client }: { readonly client: TallykitClient }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const { data: calls = [] } = useQuery({
    queryKey: [client.session.principal(), 'host', 'recent-calls'],
    queryFn: fetchRecentCalls,
    refetchInterval: 3_000,
  });
  const { data: explained } = useQuery({ ...callQuery(client, chosen ?? ''), enabled: chosen !== null });
  return (
    <section className="host-card host-calls" aria-label="Latest calls">
      <h2>Latest calls of the assistant</h2>
      <p>
        {calls.length === 0
          ? 'No call yet: the first one is on its way.'
          : 'Choose a call to see what its cost is made of.'}
      </p>
      {calls.length > 0 && (
        <table className="host-table">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Flow</th>
              <th scope="col">Model</th>
              <th scope="col" className="host-number">
                Tokens
              </th>
              <th scope="col" className="host-number">
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            {calls.slice(0, shownCalls).map((call) => (
              <CallRow key={call.traceId} client={client} call={call} chosen={chosen} onChoose={setChosen} />
            ))}
          </tbody>
        </table>
      )}
      {chosen !== null && explained && <CallExplanation answer={explained} onClose={() => setChosen(null)} />}
    </section>
  );
}
