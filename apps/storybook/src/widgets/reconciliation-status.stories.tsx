import type { Meta, StoryObj } from '@storybook/react-vite';
import { ReconciliationStatus } from '@tallykit/widgets';
import { questionControls } from '../scene/question-controls.ts';

const meta = {
  title: 'Widgets/Reconciliation status',
  component: ReconciliationStatus,
  args: { setupHref: '#setup' },
  argTypes: {
    ...questionControls,
    setupHref: { control: 'text' },
    form: { control: 'inline-radio', options: ['operator', 'customer'] },
  },
} satisfies Meta<typeof ReconciliationStatus>;

export default meta;
type Story = StoryObj<typeof meta>;

/** Two weeks of three providers: closed days match, the youngest are provisional. */
export const Ready: Story = { parameters: { scene: {} } };

/** The first answer is on its way. */
export const Loading: Story = { parameters: { scene: { behaviour: 'slow' } } };

/** Reports are expected and none has come yet. */
export const Empty: Story = { parameters: { scene: { variant: 'empty' } } };

/** A provider reports more than was captured, and some captured calls have no price yet. */
export const Partial: Story = { parameters: { scene: { variant: 'pending' } } };

/** The last comparison is more than a day old, and one provider's report could not be read. */
export const Stale: Story = { parameters: { scene: { variant: 'stale' } } };

/** No provider's report was ever given. */
export const NotConfigured: Story = { parameters: { scene: { variant: 'notConfigured' } } };

/** A member of a customer account, who may read no analytics. */
export const Denied: Story = { parameters: { scene: { behaviour: 'denied' } } };

/** The host's session has ended. */
export const SignedOut: Story = { parameters: { scene: { behaviour: 'unauthenticated' } } };

/** An operator who may see states but no amounts. */
export const Withheld: Story = { parameters: { scene: { variant: 'withheld', reader: 'operator' } } };

/** The server could not answer. */
export const Failed: Story = { parameters: { scene: { behaviour: 'failed' } } };

/** What a customer sees: state, period and coverage. */
export const ForACustomer: Story = {
  args: { form: 'customer' },
  parameters: { scene: { reader: 'customer' } },
};
