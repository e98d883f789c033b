import { expect, onTestFinished, test } from 'vitest';
import { createTestTracker } from '../testing/create-test-tracker.ts';
import { wrapMcpClient } from '../providers/mcp/wrap-mcp-client.ts';
import { seePromise } from './see-promise.ts';

const nothing = (): void => undefined;

/** Failures that nobody took care of, as the process would learn of them. */
function unhandled(): unknown[] {
  const seen: unknown[] = [];
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => seen.push(error));
  onTestFinished(() => {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  });
  return seen;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const fail = (): Promise<never> => Promise.reject(new Error('of the host'));

test('a promise is seen before the host sees it', async () => {
  const order: string[] = [];
  await seePromise(Promise.resolve(), () => order.push('seen'), nothing).then(() => order.push('host'));
  expect(order).toEqual(['seen', 'host']);
});

test('a promise of a class of its own stays the same object', () => {
  class OwnPromise extends Promise<unknown> {}
  const promise = OwnPromise.resolve();
  expect(seePromise(promise, nothing, nothing)).toBe(promise);
});

test.each([undefined, null, 7, { content: 'x' }])(
  'what is no promise is seen at once and given as it is: %o',
  (value) => {
    const seen: unknown[] = [];
    const given = seePromise(value as never, (each) => seen.push(each), nothing);
    expect([given, ...seen]).toEqual([value, value]);
  },
);

test.each([
  ['a run that is one call', () => createTestTracker().run({ asOneCall: true }, fail)],
  ['activity in a workspace', () => createTestTracker().workspace('ws_1').during(fail)],
  ['a tool', () => wrapMcpClient({ callTool: fail }, createTestTracker()).callTool()],
])('a failure in %s that the host forgets about is still told to its process', async (_, begin) => {
  const seen = unhandled();
  void begin();
  await nextTurn();
  expect(seen).toMatchObject([{ message: 'of the host' }]);
});

test.each([
  ['a run that is one call', () => createTestTracker().run({ asOneCall: true }, fail)],
  ['activity in a workspace', () => createTestTracker().workspace('ws_1').during(fail)],
  ['a tool', () => wrapMcpClient({ callTool: fail }, createTestTracker()).callTool()],
])('a failure in %s that the host takes care of is told to nobody else', async (_, begin) => {
  const seen = unhandled();
  await expect(begin()).rejects.toThrow('of the host');
  await nextTurn();
  expect(seen).toEqual([]);
});

test('activity leaves a promise alone that reads its body only when it is asked to', () => {
  let asked = 0;
  class LazyPromise extends Promise<unknown> {
    _thenUnwrap = nothing;
    asResponse = nothing;
    parse = nothing;
    override then(...parameters: Parameters<Promise<unknown>['then']>): never {
      asked++;
      return super.then(...parameters) as never;
    }
  }
  const promise = new LazyPromise(nothing);
  expect(
    createTestTracker()
      .workspace('ws_1')
      .during(() => promise),
  ).toBe(promise);
  expect(asked).toBe(0);
});

test('a tool whose client answers at once is counted, and its answer is the same', async () => {
  const tracker = createTestTracker();
  const client = wrapMcpClient({ callTool: (_: object) => ({ content: [] }) }, tracker);
  expect(client.callTool({ name: 'search' })).toEqual({ content: [] });
  expect(await tracker.events()).toMatchObject([{ kind: 'tool_call', tool: 'search', status: 'ok' }]);
});
