import type { FactAggregate } from '../storage/contract/read-plan.ts';

/**
 * From how many messages on a conversation is engaged: whole numbers from 0 to 1,000.
 *
 * @example
 * const engagedConversation: EngagedConversation = { userMessages: 3, agentMessages: 1 };
 */
export interface EngagedConversation {
  readonly userMessages: number;
  readonly agentMessages: number;
}

/** Unless the host says otherwise. */
export const defaultEngaged: EngagedConversation = { userMessages: 2, agentMessages: 1 };

/** Counts the conversations that are engaged. */
export function engagedFigure({ userMessages, agentMessages }: EngagedConversation): FactAggregate {
  return {
    kind: 'reached',
    of: 'conversation',
    least: [
      { count: userMessages, where: { field: 'role', in: ['user'] } },
      { count: agentMessages, where: { field: 'role', in: ['agent'] } },
    ],
  };
}
