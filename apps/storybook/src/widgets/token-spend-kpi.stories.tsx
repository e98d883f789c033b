import type { Meta, StoryObj } from '@storybook/react-vite';
import { TokenSpendKpi } from '@tallykit/widgets';
import { questionControls } from '../scene/question-controls.ts';

const meta = {
  title: 'Widgets/Token spend',
  component: TokenSpendKpi,
  args: { from: undefined, to: undefined, environment: undefined },
  argTypes: { ...questionControls, environment: { control: 'text' } },
} satisfies Meta<typeof TokenSpendKpi>;

export default meta;
type Story = StoryObj<typeof meta>;

/** The last thirty days, every call priced. */
export const Ready: Story = { parameters: { scene: {} } };

/** The first answer is on its way. The card has its full size already. */
export const Loading: Story = { parameters: { scene: { behaviour: 'slow' } } };

/** No call in the range: a dash, since nothing measured is not zero. */
export const Empty: Story = { parameters: { scene: { variant: 'empty' } } };

/** Some calls have no known price yet; the total says what is missing from it. */
export const Partial: Story = { parameters: { scene: { variant: 'pending' } } };

/** Nothing new for hours, though the figure is a live one. */
export const Stale: Story = { parameters: { scene: { variant: 'stale' } } };

/** The vendor has not set this up. */
export const NotConfigured: Story = { parameters: { scene: { behaviour: 'notConfigured' } } };

/** A member of a customer account, who may read no analytics. */
export const Denied: Story = { parameters: { scene: { behaviour: 'denied' } } };

/** The host's session has ended. */
export const SignedOut: Story = { parameters: { scene: { behaviour: 'unauthenticated' } } };

/** The reader may see usage but no money. */
export const Withheld: Story = { parameters: { scene: { variant: 'withheld' } } };

/** The server could not answer. */
export const Failed: Story = { parameters: { scene: { behaviour: 'failed' } } };

/** What a customer sees of itself: the amount that it is charged. */
export const ForACustomer: Story = { parameters: { scene: { reader: 'customer' } } };

/** A span of two days is drawn by the hour. */
export const TwoDays: Story = {
  args: { from: '2026-11-19T00:00:00Z' },
  parameters: { scene: {} },
};
