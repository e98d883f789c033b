import { describe, expect, it } from 'vitest';
import { compileMatchRule, describeMatchRule, matchRuleSchema } from './match-rule.ts';

describe('a match rule', () => {
  it.each([
    [{ equals: 'GPT-4o' }, 'gpt-4o', true],
    [{ equals: 'gpt-4o' }, 'gpt-4o-mini', false],
    [{ starts_with: 'gpt-4o' }, 'GPT-4o-mini', true],
    [{ ends_with: ':free' }, 'deepseek-r1:FREE', true],
    [{ contains: 'claude' }, 'anthropic/claude-3', true],
    [{ contains: 'claude' }, 'gpt', false],
    [{ regex: '^o[134]' }, 'O3-mini', true],
    [{ regex: '^o[134]' }, 'go3', false],
    [{ or: [{ equals: 'a' }, { equals: 'b' }] }, 'b', true],
    [{ or: [] }, 'b', false],
    [{ and: [{ starts_with: 'gemini' }, { regex: '^(?!.*-tts)' }] }, 'gemini-pro-tts', false],
    [{ and: [{ starts_with: 'gemini' }, { regex: '^(?!.*-tts)' }] }, 'gemini-pro', true],
  ] as const)('%j says of %s: %s', (rule, name, expected) => {
    expect(compileMatchRule(rule)(name)).toBe(expected);
  });

  it('is said in words', () => {
    expect(
      describeMatchRule({
        and: [{ or: [{ equals: 'a' }, { contains: 'b' }] }, { regex: '^c' }, { ends_with: 'd' }],
      }),
    ).toBe('(equals "a" or contains "b") and matches /^c/ and ends with "d"');
  });

  it('of a kind that is not known is refused', () => {
    expect(matchRuleSchema.safeParse({ sounds_like: 'gpt' }).success).toBe(false);
    expect(matchRuleSchema.safeParse({ or: [{ equals: 'a', also: 'b' }] }).success).toBe(false);
  });
});
