import type { Meta, StoryObj } from '@storybook/react-vite';
import { Budget, BudgetView } from '@tallykit/widgets';
import { budgetFixtures } from '@tallykit/widgets/testing';
import { questionControls } from '../scene/question-controls.ts';

const { customerId, asCustomer, className } = questionControls;

const meta = {
  title: 'Widgets/Budget',
  component: Budget,
  args: { setupHref: '#budgets' },
  argTypes: {
    customerId,
    asCustomer,
    className,
    budgetId: { control: 'text' },
    limit: { control: 'number' },
    setupHref: { control: 'text' },
    onEdit: { control: false },
  },
} satisfies Meta<typeof Budget>;

export default meta;
type Story = StoryObj<typeof meta>;

/** A view of the fixtures, for what no server answers. */
function fixture(name: string) {
  return budgetFixtures.find((one) => one.name === name)?.element ?? <></>;
}

/** Three budgets, as an operator sees them: one over its limit, one that has warned, one inside. */
export const Ready: Story = { parameters: { scene: {} } };

/** The first answer is on its way. */
export const Loading: Story = { parameters: { scene: { behaviour: 'slow' } } };

/** No budget was ever set, so nothing is limited. */
export const Empty: Story = { parameters: { scene: { variant: 'empty' } } };

/** Some calls have no known price yet and are missing from what was spent. */
export const Partial: Story = { parameters: { scene: { variant: 'pending' } } };

/** Nothing new for hours, though what was spent is a live figure. */
export const Stale: Story = { parameters: { scene: { variant: 'stale' } } };

/** The server has no budgets. */
export const NotConfigured: Story = { parameters: { scene: { behaviour: 'notConfigured' } } };

/** A member of a customer account, who may read no analytics. */
export const Denied: Story = { parameters: { scene: { behaviour: 'denied' } } };

/** The host's session has ended. */
export const SignedOut: Story = { parameters: { scene: { behaviour: 'unauthenticated' } } };

/** The reader may not see what is spent. */
export const Withheld: Story = { render: () => <BudgetView state={{ name: 'withheld', picture: null }} /> };

/** The server could not answer. */
export const Failed: Story = { parameters: { scene: { behaviour: 'failed' } } };

/** What a customer sees: budgets over its own account. It may change those that it set itself. */
export const ForACustomer: Story = {
  args: { onEdit: () => undefined },
  parameters: { scene: { reader: 'customer' } },
};

/** One budget by its id has the card to itself. */
export const OneBudget: Story = {
  args: { budgetId: 'harbor-month' },
  parameters: { scene: {} },
};

/** A limit of nothing, budgets without a name, a key, and more of them than are shown. */
export const EveryKind: Story = { render: () => fixture('ready') };
