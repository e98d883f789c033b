import type { Meta, StoryObj } from '@storybook/react-vite';
import { UsageChart, usageMeasures } from '@tallykit/widgets';
import { questionControls } from '../scene/question-controls.ts';

const groups = ['none', 'model', 'provider', 'product', 'flow', 'configuration', 'customer'] as const;

const meta = {
  title: 'Widgets/Usage chart',
  component: UsageChart,
  args: { shape: 'area', defaultMeasure: 'cost', defaultGroupBy: 'model', defaultGrain: 'day', top: 5 },
  argTypes: {
    ...questionControls,
    environment: { control: 'text' },
    groups: { control: 'check', options: groups },
    shape: { control: 'inline-radio', options: ['area', 'bars'] },
    defaultMeasure: { control: 'inline-radio', options: usageMeasures },
    defaultGroupBy: { control: 'select', options: groups },
    defaultGrain: { control: 'inline-radio', options: ['hour', 'day', 'week', 'month'] },
    top: { control: { type: 'range', min: 1, max: 5 } },
  },
} satisfies Meta<typeof UsageChart>;

export default meta;
type Story = StoryObj<typeof meta>;

/** Thirty days by model: five series of their own, the rest as one. The day that is still open is drawn apart. */
export const Ready: Story = { parameters: { scene: {} } };

/** The same as stacked bars. */
export const Bars: Story = { args: { shape: 'bars' }, parameters: { scene: {} } };

/** By flow, with calls that name none. */
export const ByFlow: Story = { args: { defaultGroupBy: 'flow' }, parameters: { scene: {} } };

/** One series, counted in tokens. */
export const AsAWhole: Story = {
  args: { defaultGroupBy: 'none', defaultMeasure: 'tokens' },
  parameters: { scene: {} },
};

/** Two days by the hour. */
export const ByHour: Story = {
  args: { defaultGrain: 'hour', from: '2026-11-19T00:00:00Z', shape: 'bars' },
  parameters: { scene: {} },
};

/** The first answer is on its way. */
export const Loading: Story = { parameters: { scene: { behaviour: 'slow' } } };

/** No call in the range. */
export const Empty: Story = { parameters: { scene: { variant: 'empty' } } };

/** Calls without a known price are missing from the cost, and the footer says how many. */
export const Partial: Story = { parameters: { scene: { variant: 'pending' } } };

/** Nothing new for hours, though the figure is a live one. */
export const Stale: Story = { parameters: { scene: { variant: 'stale' } } };

/** The vendor has not set this up. */
export const NotConfigured: Story = { parameters: { scene: { behaviour: 'notConfigured' } } };

/** A member of a customer account, who may read no analytics. */
export const Denied: Story = { parameters: { scene: { behaviour: 'denied' } } };

/** The host's session has ended. */
export const SignedOut: Story = { parameters: { scene: { behaviour: 'unauthenticated' } } };

/** The reader may see tokens and calls but no money. */
export const Withheld: Story = { parameters: { scene: { variant: 'withheld' } } };

/** The server could not answer. */
export const Failed: Story = { parameters: { scene: { behaviour: 'failed' } } };

/** What a customer sees of itself. */
export const ForACustomer: Story = { parameters: { scene: { reader: 'customer' } } };
