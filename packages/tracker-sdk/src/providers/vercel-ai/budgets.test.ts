import { describe, expect, test } from 'vitest';
import { TrackerError } from '../../errors/tracker-error.ts';
import type { CallRecorder } from '../../observe/call-recorder.ts';
import { asked } from './__fixtures__/open-driver.ts';
import { type SdkMajor, sdkMajors } from './__fixtures__/sdk-majors.ts';
import { onlyCall, plainUsage, setUp } from './__fixtures__/set-up.ts';
import { wrapAIModel } from './wrap-ai-model.ts';

const newest = sdkMajors.at(-1) as SdkMajor;

describe('budgets', () => {
  /** A recorder that asks before each call. */
  const guarded = (recorder: CallRecorder, admit: CallRecorder['admit']) => ({
    recorder: { ...recorder, admit },
  });
  const refusal = new TrackerError('budget_exceeded', 'No.');

  test.each(['doGenerate', 'doStream'] as const)(
    'a refused call does not go out and leaves no event: %s',
    async (name) => {
      const { provider, tracker } = await setUp(newest);
      const bare = newest.createOpenAI({ apiKey: 'test', baseURL: provider.baseURL }).chat('gpt-4o-mini');
      const model = wrapAIModel(
        bare,
        guarded(tracker.recorder, () => Promise.reject(refusal)),
      );
      await expect(model[name](asked('Hi'))).rejects.toBe(refusal);
      expect(provider.requestCount()).toBe(0);
      expect(tracker.stats()).toMatchObject({ recorded: 0, unfinished: 0 });
    },
  );

  test('an admitted call goes out when it is admitted', async () => {
    const { provider, tracker } = await setUp(newest);
    const bare = newest.createOpenAI({ apiKey: 'test', baseURL: provider.baseURL }).chat('gpt-4o-mini');
    const before: number[] = [];
    const admit = async () => void before.push(provider.requestCount());
    await wrapAIModel(bare, guarded(tracker.recorder, admit)).doGenerate(asked('Hi'));
    expect([before, provider.requestCount()]).toEqual([[0], 1]);
    expect((await onlyCall(tracker)).usage).toEqual(plainUsage);
  });
});
