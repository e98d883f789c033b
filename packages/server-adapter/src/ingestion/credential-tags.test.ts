import { describe, expect, it } from 'vitest';
import { looksLikeCredential } from './credential-tags.ts';

// Put together here, so that no secret scanner takes this file for a leak.
const join = (...parts: readonly string[]) => parts.join('');

describe('a tag that is a credential', () => {
  it.each([
    join('sk-', 'abcdefghijklmnopqrstuvwxyz012345'),
    join('sk-proj-', 'A1b2C3d4E5f6G7h8I9j0K1l2'),
    join('sk-ant-', 'api03-A1b2C3d4E5f6G7h8I9j0'),
    join('sk_live_', '4eC39HqLyjWDarjtT1zdp7dc'),
    join('rk_test_', '4eC39HqLyjWDarjtT1zdp7dc'),
    join('AKIA', 'IOSFODNN7EXAMPLE'),
    join('AIza', 'SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY'),
    join('ghp_', 'abcdefghijklmnopqrstuvwxyz0123456789'),
    join('github_pat_', '11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz'),
    join('glpat-', 'abcdefghij1234567890'),
    join('xoxb-', '123456789012-abcdefghijkl'),
    join('SG.', 'abcdefghijklmnopqrst.uvwxyzABCDEFGHIJKLMNOP'),
    join('hf_', 'abcdefghijklmnopqrstuvwxyzABCD'),
    join('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0NTY3ODkwIn0.', 'dozjgNryP4J3jVmNHl0w5N'),
    'Bearer abcdef1234567890',
    'Authorization: Basic dXNlcjpwYXNzd29yZA==',
    'postgres://admin:hunter2@db.example.com/app',
    '-----BEGIN RSA PRIVATE KEY-----',
    join('wJalrXUtnFEMI/K7MDENG/', 'bPxRfiCYzEXAMPLEKEY'),
    join('prefix ', 'sk-', 'abcdefghijklmnopqrstuvwxyz', ' suffix'),
  ])('by its value %s', (value) => {
    expect(looksLikeCredential('note', value)).toBe(true);
  });

  it.each([
    'password',
    'apiKey',
    'api_key',
    'x-api-key',
    'Authorization',
    'clientSecret',
    'access_token',
    'sessionToken',
    'db.password',
    'session/cookie',
    'login password',
    'cookie',
  ])('by its key %s', (key) => {
    expect(looksLikeCredential(key, 'anything')).toBe(true);
  });

  it('by a secret that was put where the key belongs', () => {
    expect(looksLikeCredential(join('sk-', 'abcdefghijklmnopqrstuvwxyz'), 'x')).toBe(true);
  });
});

describe('a tag that is none', () => {
  it.each([
    ['team', 'blue'],
    ['release', '2026-11-20-a1b2c3d'],
    ['commit', '9f41238c2a5be1e0e4a0b7a8fa4dfc1d2c3b4a59'],
    ['digest', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['session', '0198f1a0-7c3e-7d55-8a41-3f2b1c0d9e8f'],
    ['trace', '0af7651916cd43dd8448eb211c80319c'],
    ['ticket', 'SUPPORT-48213'],
    ['url', 'https://app.example.com/tickets/48213?tab=activity'],
    ['model', 'claude-sonnet-4-5-20250929'],
    ['task', 'task-force-alpha'],
    ['path', 'src/components/dashboard/RevenueHeroView/RevenueHero.tsx'],
    ['experiment', 'checkout-button-color-experiment-variant-B-2026'],
    ['sentence', 'The quick brown fox jumps over the lazy dog'],
    ['customer', 'Müller & Söhne GmbH, Überlingen'],
    ['token', 'refund'],
    ['key', 'primary'],
    ['tokenizer', 'cl100k_base'],
    ['secretary', 'Ada'],
    ['arn', 'arn:aws:lambda:eu-central-1:123456789012:function:process-orders'],
    ['queue', 'sk-region-eu-central-1-premium'],
    ['run', 'sess-2026-11-20-morning-run'],
    ['plan', 'basic subscription-plan'],
    ['tier', 'Basic Enterprise2026-plan'],
    ['scheme', 'bearer authentication-method'],
    ['risk', 'risk-assessment-of-the-year'],
    ['email', 'ada@example.com'],
    ['numbers', '1234567890123456789012345678901234567890'],
    ['password', ''],
  ])('%s: %s', (key, value) => {
    expect(looksLikeCredential(key, value)).toBe(false);
  });
});
