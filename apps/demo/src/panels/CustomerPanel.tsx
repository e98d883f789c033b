import type { TallykitClient } from '@tallykit/client';
import { Budget, ReconciliationStatus, TokenSpendKpi, UsageChart } from '@tallykit/widgets';
import { useState } from 'react';
import { LatestCalls } from '../explain/LatestCalls.tsx';
import { labelPersona } from '../host/persona-label.ts';
import { PeriodSwitch, usualPeriod } from '../host/PeriodSwitch.tsx';
import type { HostMe } from '../host/host-api.ts';

/** What one customer sees of itself. A member of the account gets the same page, and every widget says no. */
export function CustomerPanel({ client, me }: { readonly client: TallykitClient; readonly me: HostMe }) {
  const persona = labelPersona(me);
  const [from, setFrom] = useState(() => usualPeriod(me.periods));
  return (
    <>
      <div className="host-heading">
        <h1>Usage and billing</h1>
        <p>{persona.customerName}</p>
        <PeriodSwitch periods={me.periods} from={from} onChoose={setFrom} />
      </div>
      <div className="host-grid">
        <div className="host-span-7">
          <TokenSpendKpi from={from} />
        </div>
        <div className="host-span-5">
          <ReconciliationStatus form="customer" />
        </div>
        <div className="host-span-8">
          <UsageChart from={from} groups={['product', 'flow', 'model']} />
        </div>
        <div className="host-aside">
          <Budget limit={2} />
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
