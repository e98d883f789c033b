import { describe, expect, test } from 'vitest';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { recordOpenAIBatch } from './record-openai-batch.ts';

// Lines as in the guide to the Batch API and in BatchRequestOutput of OpenAI's API description.
const created = 1_790_000_000;

function line(customId: string, body: object, status = 200): string {
  const response = { status_code: status, request_id: `req_${customId}`, body };
  return JSON.stringify({ id: `batch_req_${customId}`, custom_id: customId, response, error: null });
}

const completion = (id: string) => ({
  id,
  object: 'chat.completion',
  created,
  model: 'gpt-4o-mini-2024-07-18',
  choices: [{ index: 0, message: { role: 'assistant', content: 'canary' }, finish_reason: 'stop' }],
  usage: {
    prompt_tokens: 20,
    completion_tokens: 7,
    total_tokens: 27,
    prompt_tokens_details: { cached_tokens: 4 },
  },
});

describe('the output of a batch', () => {
  test('is one call a line, at its time, marked as batch and known by its response', async () => {
    const tracker = createTestTracker();
    const output = [line('a', completion('chatcmpl_a')), line('b', completion('chatcmpl_b')), ''].join('\n');
    expect(await recordOpenAIBatch(tracker, output)).toEqual({ recorded: 2, skipped: 0 });
    const calls = await tracker.calls();
    expect(calls.map(({ responseId }) => responseId)).toEqual(['chatcmpl_a', 'chatcmpl_b']);
    expect(calls[0]).toMatchObject({
      provider: 'openai',
      operation: 'chat',
      responseModel: 'gpt-4o-mini-2024-07-18',
      status: 'ok',
      complete: true,
      batch: true,
      usage: { input: 16, cacheRead: 4, output: 7 },
      providerIds: { requestId: 'req_a' },
    });
    expect(Number.parseInt(String(calls[0]?.id).replaceAll('-', '').slice(0, 12), 16)).toBe(created * 1000);
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('is told apart by the kind of its answers', async () => {
    const tracker = createTestTracker();
    const answers = [
      {
        object: 'list',
        model: 'text-embedding-3-small',
        data: [],
        usage: { prompt_tokens: 8, total_tokens: 8 },
      },
      {
        id: 'resp_1',
        object: 'response',
        created_at: created,
        model: 'gpt-5',
        status: 'incomplete',
        output: [{ type: 'web_search_call' }],
        usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
      },
      {
        id: 'cmpl_1',
        object: 'text_completion',
        model: 'm',
        usage: { prompt_tokens: 1, completion_tokens: 2 },
      },
      { created, data: [{}, {}] },
      { id: 'modr_1', model: 'omni-moderation', results: [] },
    ];
    const output = answers.map((body, index) => line(String(index), body)).join('\n');
    expect(await recordOpenAIBatch(tracker, output)).toEqual({ recorded: 4, skipped: 1 });
    const calls = await tracker.calls();
    expect(calls.map(({ operation, usage, responseId }) => [operation, usage, responseId])).toEqual([
      ['embeddings', { input: 8 }, 'batch_req_0'],
      ['responses', { input: 3, output: 2, webSearches: 1 }, 'resp_1'],
      ['text_completion', { input: 1, output: 2 }, 'cmpl_1'],
      ['images', { imagesGenerated: 2 }, 'batch_req_3'],
    ]);
  });

  test('counts what was refused as errors, and leaves out what was never run', async () => {
    const tracker = createTestTracker();
    const expired = {
      id: 'x',
      custom_id: 'x',
      response: null,
      error: { code: 'batch_expired', message: 'x' },
    };
    const output = [
      line('a', { error: { code: 'model_not_found', message: 'canary' } }, 404),
      JSON.stringify(expired),
      '{"half":',
      'null',
      '[]',
    ].join('\n');
    expect(await recordOpenAIBatch(tracker, output)).toEqual({ recorded: 1, skipped: 4 });
    const [call] = await tracker.calls();
    expect(call).toMatchObject({
      status: 'error',
      httpStatus: 404,
      errorClass: 'model_not_found',
      batch: true,
    });
    expect(call?.usage).toBeUndefined();
  });

  test('belongs to whom the host says, by the id that it gave each request', async () => {
    const tracker = createTestTracker();
    const output = ['cus_1', 'cus_2'].map((id) => line(id, completion(id))).join('\n');
    await tracker.run({ flow: 'nightly' }, (run) =>
      recordOpenAIBatch(run, output, { provider: 'azure', attribute: (customerId) => ({ customerId }) }),
    );
    const calls = await tracker.calls();
    expect(calls.map(({ customerId, flow, provider }) => [customerId, flow, provider])).toEqual([
      ['cus_1', 'nightly', 'azure'],
      ['cus_2', 'nightly', 'azure'],
    ]);
  });

  test('may arrive in pieces that break lines and characters', async () => {
    const tracker = createTestTracker();
    const bytes = new TextEncoder().encode(
      Array.from({ length: 40 }, (_, index) => line(`Grüße ${index}`, completion(`c${index}`))).join('\r\n'),
    );
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7));
        controller.close();
      },
    });
    const seen: string[] = [];
    const tally = await recordOpenAIBatch(tracker, body, {
      attribute(customId) {
        seen.push(customId);
        return undefined;
      },
    });
    expect(tally).toEqual({ recorded: 40, skipped: 0 });
    expect(seen[39]).toBe('Grüße 39');
  });

  test('that breaks off rejects, and keeps what was read', async () => {
    const tracker = createTestTracker();
    async function* broken(): AsyncGenerator<string> {
      yield `${line('a', completion('a'))}\n`;
      throw new Error('cut');
    }
    await expect(recordOpenAIBatch(tracker, broken())).rejects.toThrow('cut');
    expect(await tracker.calls()).toHaveLength(1);
  });
});
