import type { TallykitClient } from '@tallykit/client';
import { ReconciliationStatus, RevenueHero, TokenSpendKpi, UsageChart } from '@tallykit/widgets';
import { useMemo, useState } from 'react';
import { LatestCalls } from '../explain/LatestCalls.tsx';
import { Segments } from '../host/Segments.tsx';
import { periods, periodStart, type Period } from './period.ts';

/** The vendor's own view: revenue, spend, reconciliation and usage over all customers. */
export function OperatorPanel({
  client,
  vendor,
}: {
  readonly client: TallykitClient;
  readonly vendor: string;
}) {
  const [period, setPeriod] = useState<Period>('30d');
  const from = useMemo(() => periodStart(period, Date.now()), [period]);
  return (
    <>
      <div className="host-heading">
        <h1>Intelligence</h1>
        <p>{vendor}, all customers</p>
        <Segments label="Period" value={period} choices={periods} onChoose={setPeriod} />
      </div>
      <div className="host-grid">
        <div className="host-span-5">
          <RevenueHero />
        </div>
        <div className="host-span-3">
          <TokenSpendKpi from={from} />
        </div>
        <div className="host-span-4">
          <ReconciliationStatus />
        </div>
        <div className="host-span-12">
          <UsageChart
            from={from}
            groups={['model', 'provider', 'product', 'flow', 'configuration', 'customer']}
          />
        </div>
        <div className="host-span-12">
          <LatestCalls client={client} />
        </div>
      </div>
    </>
  );
}
