import type { Message } from '../message.ts';

/** Texts of the token-spend card, in English. */
export const tokenSpendEnglish = {
  'unattributed.share': '{share} unattributed',
  'unattributed.why': {
    one: '{count} call names no customer.',
    other: '{count} calls name no customer.',
  },
  'token-spend.title': 'Token spend',
  'token-spend.tokens': '{tokens} tokens in {span}',
  'token-spend.tokens-exact': '{tokens} tokens',
  'token-spend.no-tokens': {
    one: '{count} call in {span}, tokens not reported',
    other: '{count} calls in {span}, tokens not reported',
  },
  'token-spend.change': '{change} on the {span} before',
  'token-spend.no-change': 'Nothing recorded in the {span} before',
  'token-spend.empty': 'No calls in these {span} yet',
  'token-spend.empty-text': 'The first call that is tracked appears here.',
  'token-spend.picture': 'Spend over time',
} as const satisfies Record<string, Message>;
