import { describe, expect, it } from 'vitest';
import { createSpeech } from './create-speech.ts';
import { english } from './english.ts';

describe('createSpeech', () => {
  it('fills in values and chooses the form of a count', () => {
    const { say } = createSpeech('en');
    expect(say('span.days', {}, 1)).toBe('1 day');
    expect(say('span.days', {}, 1200)).toBe('1,200 days');
    expect(say('freshness.live', { time: '10:42' })).toBe('live, as of 10:42');
  });

  it('takes the host’s own text, with forms that English does not have', () => {
    const polish = createSpeech('pl', {
      'usage.others': {
        one: '{count} inny',
        few: '{count} inne',
        many: '{count} innych',
        other: '{count} innego',
      },
    });
    expect(polish.say('usage.others', {}, 3)).toBe('3 inne');
    expect(polish.say('usage.others', {}, 5)).toBe('5 innych');
  });

  it('tells filled-in values from the words around them', () => {
    const { sayParts } = createSpeech('en');
    expect(sayParts('token-spend.change', { change: '+14.2%', span: '30 days' })).toEqual([
      { text: '+14.2%', name: 'change' },
      { text: ' on the ' },
      { text: '30 days', name: 'span' },
      { text: ' before' },
    ]);
  });

  it('never fills a value into another value', () => {
    const { say } = createSpeech('en');
    expect(say('usage.title', { measure: '{group}', group: 'model' })).toBe('{group} by model');
  });

  it('isolates values in text from right to left', () => {
    const { say } = createSpeech('ar', {}, 'rtl');
    expect(say('usage.title-whole', { measure: '$5' })).toBe('\u2068$5\u2069');
  });

  it('has no exclamation marks and no inner words in English', () => {
    for (const message of Object.values(english)) {
      const texts = typeof message === 'string' ? [message] : Object.values(message);
      for (const text of texts) expect(text).not.toMatch(/!|ledger|rollup|principal/i);
    }
  });
});
