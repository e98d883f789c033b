import type { TallykitClient } from '@tallykit/client';
import { Budget, ReconciliationStatus, RevenueHero, TokenSpendKpi, UsageChart } from '@tallykit/widgets';
import { useState } from 'react';
import { LatestCalls } from '../explain/LatestCalls.tsx';
import { PeriodSwitch, usualPeriod } from '../host/PeriodSwitch.tsx';
import type { HostMe } from '../host/host-api.ts';

/** The vendor's own view: revenue, spend, reconciliation and usage over all customers. */
export function OperatorPanel({ client, me }: { readonly client: TallykitClient; readonly me: HostMe }) {
  const [from, setFrom] = useState(() => usualPeriod(me.periods));
  return (
    <>
      <div className="host-heading">
        <h1>Intelligence</h1>
        <p>{me.vendor}, all customers</p>
        <PeriodSwitch periods={me.periods} from={from} onChoose={setFrom} />
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
        <div className="host-span-8">
          <UsageChart
            from={from}
            groups={['model', 'provider', 'product', 'flow', 'configuration', 'customer']}
          />
        </div>
        <div className="host-aside">
          <Budget limit={2} />
        </div>
        <div className="host-span-12">
          <LatestCalls client={client} />
        </div>
      </div>
    </>
  );
}
