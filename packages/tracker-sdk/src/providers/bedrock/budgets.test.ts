import { setTimeout as sleep } from 'node:timers/promises';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, test } from 'vitest';
import { TrackerError } from '../../errors/tracker-error.ts';
import { converseReply } from './__fixtures__/bedrock-wire.ts';
import { onlyCall, setUp } from './__fixtures__/set-up.ts';
import { wrapBedrock } from './wrap-bedrock.ts';

const wire = { inputTokens: 16, outputTokens: 7, totalTokens: 27, cacheReadInputTokens: 4 };
const usage = { input: 16, cacheRead: 4, output: 7 };
const converse = () =>
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
  });

describe('budgets', () => {
  test('a refused call does not go out, and its refusal reaches the host as it is', async () => {
    const { bare, provider, tracker } = await setUp(converseReply({ pieces: ['x'] }));
    const refusal = new TrackerError('budget_exceeded', 'over');
    const client = wrapBedrock(bare, {
      recorder: { ...tracker.recorder, admit: () => Promise.reject(refusal) },
    });
    const seen: unknown = await client.send(converse()).catch((error: unknown) => error);
    expect(seen).toBe(refusal);
    expect(provider.requests()).toHaveLength(0);
    expect(await tracker.calls()).toHaveLength(0);
  });

  test('an admitted call goes out afterwards', async () => {
    const { bare, provider, tracker } = await setUp(converseReply({ pieces: ['x'], usage: wire }));
    const admit = async () => {
      await sleep(5);
      expect(provider.requests()).toHaveLength(0);
    };
    await wrapBedrock(bare, { recorder: { ...tracker.recorder, admit } }).send(converse());
    expect((await onlyCall(tracker)).usage).toEqual(usage);
  });
});
