import type { EventField } from '../storage/contract/event-fields.ts';
import type { FactAggregate, FactPlan } from '../storage/contract/read-plan.ts';
import type { DatasetDefinition } from './dataset-definition.ts';
import type { EngagedConversation } from './engaged-conversation.ts';

/** How a measure is made from the figures of a {@link FactDataset}, each by its name. */
export type FactMeasureSource =
  | { readonly kind: 'figure'; readonly of: string }
  /** One figure over another; null where there is nothing to divide by. */
  | { readonly kind: 'quotient'; readonly of: string; readonly per: string }
  /** A sum of money, never over two currencies. */
  | { readonly kind: 'amount'; readonly of: string }
  | { readonly kind: 'amount_quotient'; readonly of: string; readonly per: string };

/** A dataset over events of one kind, read from the events themselves. */
export interface FactDataset extends DatasetDefinition<EventField | 'time', FactMeasureSource> {
  readonly shape: 'facts' | 'funnel';
  readonly facts: Pick<FactPlan, 'of' | 'standing'> & {
    readonly figures: Readonly<Record<string, FactAggregate>>;
    /** Figures that a setting of the host changes. */
    readonly settledBy?: (settings: EventSettings) => Readonly<Record<string, FactAggregate>>;
  };
}

/** Settings of the host that decide what is counted. */
export interface EventSettings {
  /** Two messages of a user and one of an agent unless told. */
  readonly engagedConversation?: EngagedConversation | undefined;
}

/** Days that datasets of single events show: as long as raw events are kept unless the host says otherwise. */
export const eventWindowDays = 90;
