import assert from 'node:assert/strict';
import type { LlmCallEvent, TokenUsage } from '@tallykit/protocol';
import type { CallSource } from '../observe/call-recorder.ts';
import { collect } from './collect.ts';
import { createTestTracker, type TestTracker } from './create-test-tracker.ts';
import { titleOfPromise, wrapperPromises, type ProviderWrapperPromise } from './wrapper-promises.ts';

/** What the fake provider behind a driver answers to every call until it is told otherwise. */
export interface ScriptedAnswer {
  /** Pieces of the text, one a chunk when it is streamed. */
  readonly pieces: readonly string[];
  /** In our buckets; the driver turns them into its provider's convention. Absent: the provider reports nothing. */
  readonly usage?: TokenUsage | undefined;
  /** An HTTP error in place of an answer. */
  readonly failure?: number | undefined;
  /** A 429 this many times before the answer, so that the SDK retries. */
  readonly failuresFirst?: number | undefined;
  /** An error in the stream after this many events. */
  readonly breaksAfter?: number | undefined;
  /** Milliseconds between the chunks of a stream. */
  readonly chunkDelayMs?: number | undefined;
}

/** A client of the provider's SDK that talks to the fake provider. */
export interface DrivenClient {
  /** One call that is not streamed; resolves to its text. `prompt` must be part of the request. */
  readonly call: (prompt: string, signal?: AbortSignal) => Promise<string>;
  /** One streamed call, as the SDK gives it to the host. */
  readonly stream: (prompt: string, signal?: AbortSignal) => Promise<AsyncIterable<unknown>>;
}

/** One provider's side of the suite. */
export interface WrapperDriver {
  readonly script: (answer: ScriptedAnswer) => void;
  /** A client as the host has it; `wrapped` puts the wrapper of this provider around it, also around what it returned. */
  readonly client: () => object;
  readonly wrap: <Client extends object>(client: Client, source: CallSource) => Client;
  readonly drive: (client: object) => DrivenClient;
  /** Resolves when the provider saw the request of the last stream go away. */
  readonly close: () => Promise<void>;
  /** Buckets that the provider reports with the first item of a stream. Default: none. */
  readonly countedFirst?: readonly (keyof TokenUsage)[] | undefined;
}

/** How the suite is run. */
export interface ProviderWrapperSuite {
  /** `test` of the framework: Vitest, Jest or node:test. */
  readonly test: (title: string, body: () => Promise<void>) => unknown;
  /** Makes a fresh driver for each test. */
  readonly open: () => Promise<WrapperDriver>;
  /** Promises that this provider cannot keep, each with its reason. */
  readonly skips?: readonly { readonly promise: ProviderWrapperPromise; readonly reason: string }[];
}

type Promises = Record<
  ProviderWrapperPromise,
  (driver: WrapperDriver, tracker: TestTracker) => Promise<void>
>;

const answer: ScriptedAnswer = {
  pieces: ['one ', 'two ', 'three'],
  usage: { input: 16, cacheRead: 4, output: 7 },
};

/**
 * The promises that every provider wrapper keeps. Each provider runs the whole suite against its real SDK.
 *
 * @example
 * describeProviderWrapper({ test, open: openMyDriver });
 */
export function describeProviderWrapper({ test, open, skips = [] }: ProviderWrapperSuite): void {
  const skipped = new Set(skips.map(({ promise }) => promise));
  for (const promise of skipped) {
    if (!Object.hasOwn(wrapperPromises, promise))
      throw new Error(`The suite makes no promise "${promise}", so it cannot be skipped.`);
  }
  for (const promise of Object.keys(wrapperPromises) as ProviderWrapperPromise[]) {
    if (skipped.has(promise)) continue;
    test(titleOfPromise(promise), async () => {
      const driver = await open();
      const tracker = createTestTracker();
      try {
        driver.script(answer);
        await promises[promise](driver, tracker);
      } finally {
        await driver.close();
        await tracker.shutdown();
      }
    });
  }
}

function wrappedClient(driver: WrapperDriver, source: CallSource): DrivenClient {
  return driver.drive(driver.wrap(driver.client(), source));
}

async function onlyCall(tracker: TestTracker): Promise<LlmCallEvent> {
  const calls = await tracker.calls();
  assert.equal(calls.length, 1, `one call was expected, ${calls.length} were recorded`);
  return calls[0] as LlmCallEvent;
}

/** Lets the request of a stream that was left go away. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

const promises: Promises = {
  async 'counts a call once, in exact buckets'(driver, tracker) {
    const text = await wrappedClient(driver, tracker).call('Hi');
    assert.equal(text, 'one two three');
    const call = await onlyCall(tracker);
    assert.deepEqual(call.usage, answer.usage);
    assert.equal(call.status, 'ok');
    assert.equal(call.complete, true);
    assert.equal(call.attempt, 1);
    assert.equal(call.final, true);
    assert.equal(call.callId, call.id);
    assert.ok(call.responseId && call.responseModel && call.requestModel, 'identity of the response');
    assert.equal(tracker.stats().unfinished, 0);
  },

  async 'tells zero from nothing reported'(driver, tracker) {
    const client = wrappedClient(driver, tracker);
    driver.script({ pieces: ['x'], usage: { input: 5, cacheRead: 0, output: 0 } });
    await client.call('Hi');
    driver.script({ pieces: ['x'] });
    await client.call('Hi');
    await collect(await client.stream('Hi'));
    const usages = (await tracker.calls()).map((call) => call.usage);
    assert.deepEqual(usages, [{ input: 5, cacheRead: 0, output: 0 }, undefined, undefined]);
  },

  async 'counts a stream like a call, and times its first chunk'(driver, tracker) {
    driver.script({ ...answer, chunkDelayMs: 5 });
    await collect(await wrappedClient(driver, tracker).stream('Hi'));
    const call = await onlyCall(tracker);
    assert.deepEqual(call.usage, answer.usage);
    assert.equal(call.status, 'ok');
    assert.equal(call.complete, true);
    assert.ok((call.firstChunkMs ?? Infinity) < call.durationMs, 'the first chunk came before the end');
  },

  async 'leaves every item of a stream as it is'(driver, tracker) {
    const bare = await collect(await driver.drive(driver.client()).stream('Hi'));
    const seen = await collect(await wrappedClient(driver, tracker).stream('Hi'));
    const comparable = (items: unknown[]): string =>
      JSON.stringify(items).replace(/"(id|item_id)":"[^"]*"/g, '');
    assert.equal(comparable(seen), comparable(bare));
  },

  async 'records a stream that the host breaks off, and stops the request'(driver, tracker) {
    driver.script({ ...answer, chunkDelayMs: 10 });
    for await (const item of await wrappedClient(driver, tracker).stream('Hi')) {
      assert.ok(item);
      break;
    }
    const call = await onlyCall(tracker);
    assert.equal(call.status, 'aborted');
    assert.equal(call.complete, false);
    const first = driver.countedFirst?.map((bucket) => [bucket, answer.usage?.[bucket]] as const);
    assert.deepEqual(call.usage, first && Object.fromEntries(first));
    await settle();
  },

  async 'records a stream whose consumer throws, and lets the error through'(driver, tracker) {
    driver.script({ ...answer, chunkDelayMs: 10 });
    const stream = await wrappedClient(driver, tracker).stream('Hi');
    const mine = new Error('mine');
    await assert.rejects(
      async () => {
        for await (const item of stream) if (item) throw mine;
      },
      (error) => error === mine,
    );
    assert.equal((await onlyCall(tracker)).complete, false);
  },

  async 'records a stream that the host aborts'(driver, tracker) {
    driver.script({ ...answer, chunkDelayMs: 20 });
    const controller = new AbortController();
    const stream = await wrappedClient(driver, tracker).stream('Hi', controller.signal);
    const reading = (async () => {
      for await (const item of stream) if (item) controller.abort();
    })();
    // An SDK may end an aborted stream quietly or with an error; both are its own affair.
    await reading.catch(() => undefined);
    const call = await onlyCall(tracker);
    assert.equal(call.status, 'aborted');
    assert.equal(call.complete, false);
  },

  async 'records a stream that is never read, at shutdown'(driver, tracker) {
    await wrappedClient(driver, tracker).stream('Hi');
    assert.equal((await tracker.calls()).length, 0);
    await tracker.shutdown();
    const call = await onlyCall(tracker);
    assert.equal(call.status, 'aborted');
    assert.equal(call.complete, false);
  },

  async 'lets an error through unchanged and records it'(driver, tracker) {
    driver.script({ ...answer, failure: 400 });
    const bare: unknown = await driver
      .drive(driver.client())
      .call('Hi')
      .catch((error: unknown) => error);
    const seen: unknown = await wrappedClient(driver, tracker)
      .call('Hi')
      .catch((error: unknown) => error);
    assert.equal((seen as Error).constructor, (bare as Error).constructor);
    assert.equal((seen as Error).message, (bare as Error).message);
    const call = await onlyCall(tracker);
    assert.equal(call.status, 'error');
    assert.equal(call.httpStatus, 400);
    assert.ok(call.errorClass);
    assert.equal(call.usage, undefined);
  },

  async 'lets an error in the middle of a stream through and records it'(driver, tracker) {
    driver.script({ ...answer, breaksAfter: 2 });
    const stream = await wrappedClient(driver, tracker).stream('Hi');
    await assert.rejects(() => collect(stream));
    const call = await onlyCall(tracker);
    assert.equal(call.status, 'error');
    assert.equal(call.complete, false);
  },

  async 'records a call that was aborted before it began'(driver, tracker) {
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(() => wrappedClient(driver, tracker).call('Hi', controller.signal));
    assert.equal((await onlyCall(tracker)).status, 'aborted');
  },

  async 'records each attempt that the SDK makes, and counts one call'(driver, tracker) {
    driver.script({ ...answer, failuresFirst: 2 });
    await wrappedClient(driver, tracker).call('Hi');
    const calls = [...(await tracker.calls())].sort((a, b) => a.attempt - b.attempt);
    assert.deepEqual(
      calls.map((call) => [call.attempt, call.final, call.status, call.httpStatus]),
      [
        [1, false, 'error', 429],
        [2, false, 'error', 429],
        [3, true, 'ok', undefined],
      ],
    );
    assert.equal(new Set(calls.map((call) => call.callId)).size, 1);
    assert.equal(new Set(calls.map((call) => call.id)).size, 3);
    assert.deepEqual(
      calls.map((call) => call.usage),
      [undefined, undefined, answer.usage],
    );
  },

  async 'keeps concurrent runs apart'(driver, tracker) {
    driver.script({ ...answer, chunkDelayMs: 2 });
    const client = wrappedClient(driver, tracker);
    const customers = Array.from({ length: 8 }, (_, index) => `customer-${index}`);
    await Promise.all(
      customers.map((customerId) =>
        tracker.run({ customerId }, async () => {
          await client.call('Hi');
          await collect(await client.stream('Hi'));
        }),
      ),
    );
    const calls = await tracker.calls();
    assert.equal(calls.length, 16);
    for (const customerId of customers) {
      const own = calls.filter((call) => call.customerId === customerId);
      assert.equal(own.length, 2, `two calls of ${customerId}`);
      assert.equal(new Set(own.map((call) => call.traceId)).size, 1, 'one trace a run');
    }
  },

  async 'fixes attribution when the call starts'(driver, tracker) {
    const client = wrappedClient(driver, tracker);
    const stream = await tracker.run({ customerId: 'starter' }, () => client.stream('Hi'));
    await tracker.run({ customerId: 'reader' }, () => collect(stream));
    assert.equal((await onlyCall(tracker)).customerId, 'starter');
  },

  async 'knows no customer across a queue, unless it is told there'(driver, tracker) {
    const client = wrappedClient(driver, tracker);
    const queue: (() => Promise<unknown>)[] = [];
    tracker.run({ customerId: 'outer' }, () => {
      queue.push(() => client.call('Hi'));
      queue.push(async () => collect(await client.stream('Hi')));
      queue.push(() => tracker.run({ customerId: 'told' }, () => client.call('Hi')));
    });
    for (const job of queue) await job();
    const customers = (await tracker.calls()).map((call) => call.customerId);
    assert.deepEqual(customers, [undefined, undefined, 'told']);
  },

  async 'attributes explicitly without ambient storage'(driver) {
    const tracker = createTestTracker({ asyncLocalStorage: null });
    const client = driver.wrap(driver.client(), tracker);
    await tracker.run({ customerId: 'explicit', flow: 'triage' }, async (context) => {
      await driver.drive(context.wrap(client)).call('Hi');
      context.signal('answered');
    });
    const call = await onlyCall(tracker);
    assert.equal(call.customerId, 'explicit');
    const [signal] = await tracker.signals();
    assert.equal(signal?.traceId, call.traceId);
    await tracker.shutdown();
  },

  async 'sends no text of prompt or answer'(driver, tracker) {
    const prompt = 'canary-of-the-prompt';
    driver.script({ ...answer, pieces: ['canary-', 'of-the-', 'answer'] });
    const client = wrappedClient(driver, tracker);
    await client.call(prompt);
    await collect(await client.stream(prompt));
    driver.script({ ...answer, failure: 400 });
    await client.call(prompt).catch(() => undefined);
    assert.equal((await tracker.calls()).length, 3);
    assert.doesNotMatch(JSON.stringify(tracker.requests()), /canary/);
  },

  async 'counts once when the client is wrapped twice'(driver, tracker) {
    const client = driver.client();
    assert.equal(driver.wrap(driver.wrap(client, tracker), tracker), client);
    await driver.drive(client).call('Hi');
    await onlyCall(tracker);
  },

  async 'leaves calls alone when delivery fails'(driver) {
    for (const failing of [
      () => Promise.reject(new Error('down')),
      () => new Promise<never>(() => undefined),
    ]) {
      const tracker = createTestTracker({
        answer: failing,
        flushTimeoutMs: 20,
        onLoss: () => assert.fail('hook'),
      });
      const client = wrappedClient(driver, tracker);
      assert.equal(await client.call('Hi'), 'one two three');
      assert.equal((await collect(await client.stream('Hi'))).length > 0, true);
      assert.equal(await tracker.shutdown(), false);
      assert.deepEqual(tracker.stats().lost, { shutdown_timeout: 2 });
    }
  },
};
