import { defaultEngaged, engagedFigure } from '../engaged-conversation.ts';
import { eventWindowDays, type FactDataset } from '../fact-dataset.ts';
import { eventDimensions, filtersOn, open } from './event-dimensions.ts';

const { time, channel, flow, customer, product, configuration, environment } = eventDimensions;

const dimensions = [
  time,
  channel,
  flow,
  customer,
  product,
  configuration,
  environment,
] as const satisfies FactDataset['dimensions'];

/** Messages of conversations, without their text. */
export const chat = {
  id: 'chat',
  shape: 'facts',
  label: 'Chat engagement',
  description: 'Conversations and their messages. A conversation over midnight counts once in its week.',
  permission: 'analytics.view',
  cadence: 'live',
  defaultWindowDays: eventWindowDays,
  facts: {
    of: 'conversation_message',
    standing: false,
    figures: {
      conversations: { kind: 'distinct', of: 'conversation' },
      messages: { kind: 'count' },
      user_messages: { kind: 'count', where: { field: 'role', in: ['user'] } },
      agent_messages: { kind: 'count', where: { field: 'role', in: ['agent'] } },
      engaged: engagedFigure(defaultEngaged),
    },
    settledBy: ({ engagedConversation = defaultEngaged }) => ({
      engaged: engagedFigure(engagedConversation),
    }),
  },
  dimensions,
  measures: [
    {
      id: 'conversations',
      label: 'Conversations',
      type: 'count',
      description: 'Distinct conversations with a message.',
      source: { kind: 'figure', of: 'conversations' },
      ...open,
    },
    {
      id: 'messages',
      label: 'Messages',
      type: 'count',
      description: 'Messages of users and agents.',
      source: { kind: 'figure', of: 'messages' },
      ...open,
    },
    {
      id: 'user_messages',
      label: 'User messages',
      type: 'count',
      description: 'Messages that users wrote.',
      source: { kind: 'figure', of: 'user_messages' },
      ...open,
    },
    {
      id: 'agent_messages',
      label: 'Agent messages',
      type: 'count',
      description: 'Messages that agents wrote.',
      source: { kind: 'figure', of: 'agent_messages' },
      ...open,
    },
    {
      id: 'engaged_conversations',
      label: 'Engaged conversations',
      type: 'count',
      description:
        'Conversations with messages of both sides: two of a user and one of an agent unless the host says otherwise.',
      source: { kind: 'figure', of: 'engaged' },
      ...open,
    },
    {
      id: 'messages_per_conversation',
      label: 'Messages a conversation',
      type: 'decimal',
      description: 'Messages over distinct conversations.',
      source: { kind: 'quotient', of: 'messages', per: 'conversations' },
      ...open,
    },
  ],
  filters: filtersOn(dimensions),
} as const satisfies FactDataset;
