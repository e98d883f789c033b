import type { TallykitClient } from '@tallykit/client';
import { ReconciliationStatus, TokenSpendKpi, UsageChart } from '@tallykit/widgets';
import { useMemo, useState } from 'react';
import { LatestCalls } from '../explain/LatestCalls.tsx';
import type { PersonaLabel } from '../host/persona-label.ts';
import { Segments } from '../host/Segments.tsx';
import { periods, periodStart, type Period } from './period.ts';

/** What one customer sees of itself. A member of the account gets the same page, and every widget says no. */
export function CustomerPanel({
  client,
  persona,
}: {
  readonly client: TallykitClient;
  readonly persona: PersonaLabel;
}) {
  const [period, setPeriod] = useState<Period>('30d');
  const from = useMemo(() => periodStart(period, Date.now()), [period]);
  return (
    <>
      <div className="host-heading">
        <h1>Usage and billing</h1>
        <p>{persona.customerName}</p>
        <Segments label="Period" value={period} choices={periods} onChoose={setPeriod} />
      </div>
      <div className="host-grid">
        <div className="host-span-7">
          <TokenSpendKpi from={from} />
        </div>
        <div className="host-span-5">
          <ReconciliationStatus />
        </div>
        <div className="host-span-12">
          <UsageChart from={from} groups={['product', 'flow', 'model']} />
        </div>
        {persona.role === 'customer_admin' && (
          <div className="host-span-12">
            <LatestCalls client={client} />
          </div>
        )}
      </div>
    </>
  );
}
