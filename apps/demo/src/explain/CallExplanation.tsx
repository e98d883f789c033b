import type { CallAnswer } from '@tallykit/protocol';
import { amountText, countText } from './figure-text.ts';

/** One call from its tokens to its cost: the standing amount, its lines, and the price row they come from. */
export function CallExplanation({
  answer,
  onClose,
}: {
  readonly answer: CallAnswer;
  readonly onClose: () => void;
}) {
  const { call, cost, entries } = answer;
  const standing = entries.findLast((entry) => entry.kind === 'priced' || entry.kind === 'pending');
  const lines = standing?.lines ?? [];
  return (
    <section className="host-explanation" aria-label="Why this call costs what it costs">
      <h2>Why this call costs what it costs</h2>
      <dl className="host-facts">
        <dt>Call</dt>
        <dd>{call.id}</dd>
        <dt>Model</dt>
        <dd>{call.responseModel ?? call.requestModel}</dd>
        <dt>Took</dt>
        <dd>
          {countText(call.durationMs)} ms
          {call.timeToFirstChunkMs === null
            ? ''
            : `, first chunk after ${countText(call.timeToFirstChunkMs)} ms`}
        </dd>
        <dt>Charge</dt>
        <dd>
          {cost.state === 'pending' ? `pending: ${cost.reason ?? 'no price yet'}` : amountText(cost.charge)}
        </dd>
        {cost.effective !== undefined && (
          <>
            <dt>Our cost</dt>
            <dd>{amountText(cost.effective)}</dd>
          </>
        )}
      </dl>
      {lines.length > 0 && (
        <table className="host-table">
          <thead>
            <tr>
              <th scope="col">Bucket</th>
              <th scope="col" className="host-number">
                Quantity
              </th>
              <th scope="col" className="host-number">
                Rate
              </th>
              <th scope="col" className="host-number">
                Amount, {standing?.currency}
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.bucket}>
                <td>{line.bucket}</td>
                <td className="host-number">{countText(line.quantity)}</td>
                <td className="host-number">
                  {line.rate} per {countText(line.per)}
                </td>
                <td className="host-number">{line.amount}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </p>
    </section>
  );
}
