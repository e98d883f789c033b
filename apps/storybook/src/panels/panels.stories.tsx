import type { Meta, StoryObj } from '@storybook/react-vite';
import { Budget, ReconciliationStatus, RevenueHero, TokenSpendKpi, UsageChart } from '@tallykit/widgets';
import type { ReactNode } from 'react';

/** A grid of a host's own making; widgets fill the room that they are given. */
function Panel({ children }: { readonly children: ReactNode }) {
  return (
    <div
      style={{
        display: 'grid',
        gap: 16,
        gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 300px), 1fr))',
      }}
    >
      {children}
    </div>
  );
}

const meta = { title: 'Panels', component: Panel, args: { children: null } } satisfies Meta<typeof Panel>;

export default meta;
type Story = StoryObj<typeof meta>;

/** The vendor's own panel. */
export const Operator: Story = {
  parameters: { scene: { reader: 'operator' } },
  render: () => (
    <Panel>
      <RevenueHero />
      <TokenSpendKpi />
      <ReconciliationStatus />
      <div style={{ gridColumn: '1 / -1' }}>
        <UsageChart />
      </div>
      <div style={{ gridColumn: '1 / -1' }}>
        <Budget limit={3} />
      </div>
    </Panel>
  ),
};

/** The panel of one of its customers. */
export const Customer: Story = {
  parameters: { scene: { reader: 'customer' } },
  render: () => (
    <Panel>
      <TokenSpendKpi />
      <Budget limit={2} />
      <ReconciliationStatus form="customer" />
      <div style={{ gridColumn: '1 / -1' }}>
        <UsageChart defaultGroupBy="flow" groups={['flow', 'product']} />
      </div>
    </Panel>
  ),
};
