import type { Meta, StoryObj } from '@storybook/react-vite';
import { RevenueHero } from '@tallykit/widgets';
import { revenueHeroFixtures } from '@tallykit/widgets/testing';
import { questionControls } from '../scene/question-controls.ts';

const meta = {
  title: 'Widgets/Revenue hero',
  component: RevenueHero,
  args: { from: undefined, to: undefined },
  argTypes: questionControls,
} satisfies Meta<typeof RevenueHero>;

export default meta;
type Story = StoryObj<typeof meta>;

/** The current month so far, in two currencies, beside as many days of the month before. */
export const Ready: Story = { parameters: { scene: {} } };

/** The first answer is on its way. */
export const Loading: Story = { parameters: { scene: { behaviour: 'slow' } } };

/** No invoice was ever issued. */
export const Empty: Story = { parameters: { scene: { variant: 'empty' } } };

/** Figures that a host brings itself may be incomplete; invoices never wait for a price. */
export const Partial: Story = {
  render: () => <>{revenueHeroFixtures.find(({ name }) => name === 'partial')?.element}</>,
};

/** The figures were there; the server has stopped answering since. */
export const Stale: Story = { parameters: { scene: { behaviour: 'failsAfterwards' } } };

/** The vendor has not set this up. */
export const NotConfigured: Story = { parameters: { scene: { behaviour: 'notConfigured' } } };

/** A member of a customer account, who may read no analytics. */
export const Denied: Story = { parameters: { scene: { behaviour: 'denied' } } };

/** The host's session has ended. */
export const SignedOut: Story = { parameters: { scene: { behaviour: 'unauthenticated' } } };

/** The reader may not see money, so nothing is left to show. */
export const Withheld: Story = { parameters: { scene: { variant: 'withheld' } } };

/** The server could not answer. */
export const Failed: Story = { parameters: { scene: { behaviour: 'failed' } } };

/** A customer's own invoices. */
export const ForACustomer: Story = { parameters: { scene: { reader: 'customer' } } };
