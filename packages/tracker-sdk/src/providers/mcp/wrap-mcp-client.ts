import type { CallRecorder, CallSource, EndTool } from '../../observe/call-recorder.ts';
import { watchIterator } from '../../observe/observe-stream.ts';
import { seePromise } from '../../observe/see-promise.ts';
import { wrapMark } from '../../observe/wrap-mark.ts';

/** Settings of {@link wrapMcpClient}. */
export interface WrapMcpClientOptions {
  /** Name of the server on every event. Default: what the server calls itself. */
  readonly server?: string | undefined;
}

type CallTool = (parameters: unknown, ...rest: readonly unknown[]) => Promise<unknown>;
type StreamTool = (parameters: unknown, ...rest: readonly unknown[]) => AsyncGenerator<unknown>;

/** What of a client is used. Everything is looked for before it is relied on. */
interface McpClient {
  callTool?: CallTool;
  getServerVersion?(): { readonly name?: unknown } | undefined;
  readonly experimental?: { readonly tasks?: { callToolStream?: StreamTool } };
  [wrapMark]?: (recorder: CallRecorder) => object;
}

/** Names fit the wire at this length; a longer one is cut, so that the invocation is counted. */
const nameOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined;

/**
 * Counts every tool that an MCP client calls, also as a task: which tool, on which server, how long and with which
 * outcome. Arguments and results are not looked at. Returns the same client; wrapping twice does nothing. A client
 * without `callTool` is returned untouched, and `unsupported_sdk` is counted.
 *
 * @example
 * const client = wrapMcpClient(new Client({ name: 'helpdesk', version: '1.0.0' }), tracker);
 * await client.callTool({ name: 'search', arguments: { query } });
 */
export function wrapMcpClient<Client extends object>(
  client: Client,
  { recorder }: CallSource,
  options: WrapMcpClientOptions = {},
): Client {
  const target = client as McpClient;
  const { callTool, [wrapMark]: wrapped } = target;
  if (wrapped) return client;
  if (typeof callTool !== 'function') {
    recorder.lose('unsupported_sdk');
    return client;
  }
  const serverOf = (): string | undefined => nameOf(options.server ?? target.getServerVersion?.()?.name);
  const counting = (to: CallRecorder): CallTool =>
    function (this: unknown, ...parameters) {
      return countCall(begin(to, serverOf, parameters[0]), parameters, () =>
        callTool.apply(client, parameters),
      );
    };

  const experimental = target.experimental;
  const tasks = experimental?.tasks;
  const stream = tasks?.callToolStream;
  const streaming =
    (to: CallRecorder, original: StreamTool): StreamTool =>
    (...parameters) =>
      countStream(begin(to, serverOf, parameters[0]), parameters, original.apply(tasks, parameters));

  /** The same object, apart from this. */
  const apartFrom = (object: object, name: string, value: unknown): object =>
    Object.defineProperty(Object.create(object) as object, name, { value });
  // A client of a run is this one, apart from where its calls are counted.
  Object.defineProperty(client, wrapMark, {
    value(to: CallRecorder) {
      const derived = apartFrom(client, 'callTool', counting(to));
      if (!experimental || !tasks || !stream) return derived;
      const own = apartFrom(tasks, 'callToolStream', streaming(to, stream));
      return apartFrom(derived, 'experimental', apartFrom(experimental, 'tasks', own));
    },
  });
  Object.defineProperty(client, 'callTool', {
    value: counting(recorder),
    writable: true,
    configurable: true,
  });
  if (tasks && stream) tasks.callToolStream = streaming(recorder, stream);
  return client;
}

function begin(recorder: CallRecorder, serverOf: () => string | undefined, parameters: unknown): EndTool {
  try {
    const { name } = (parameters ?? {}) as { readonly name?: unknown };
    return recorder.startTool({ tool: nameOf(name) ?? 'unknown', server: serverOf() });
  } catch {
    recorder.lose('observer_failed');
    return () => undefined;
  }
}

/** What tells an end from an error, once the signal of the invocation is known. */
const failing =
  (end: EndTool, parameters: readonly unknown[]) =>
  (error: unknown): void => {
    const { signal } = (parameters[2] ?? {}) as { readonly signal?: AbortSignal };
    end(endOfError(error, !!signal?.aborted));
  };

function countCall(
  end: EndTool,
  parameters: readonly unknown[],
  perform: () => Promise<unknown>,
): Promise<unknown> {
  const failed = failing(end, parameters);
  try {
    return seePromise(perform(), (value) => end(endOfResult(value)), failed);
  } catch (error) {
    failed(error);
    throw error;
  }
}

function countStream(
  end: EndTool,
  parameters: readonly unknown[],
  messages: AsyncGenerator<unknown>,
): AsyncGenerator<unknown> {
  const failed = failing(end, parameters);
  return watchIterator(messages, {
    item(message) {
      const { type, result, error } = (message ?? {}) as Readonly<Record<string, unknown>>;
      if (type === 'result') end(endOfResult(result));
      if (type === 'error') failed(error);
      return true;
    },
    ended: () => end({ status: 'aborted' }),
    failed,
  }) as AsyncGenerator<unknown>;
}

/** A tool that failed says so in its result; what it says beyond that may quote its arguments. */
function endOfResult(value: unknown): Parameters<EndTool>[0] {
  const failed = (value as { readonly isError?: unknown } | null | undefined)?.isError === true;
  return failed ? { status: 'error', errorClass: 'tool_error' } : { status: 'ok' };
}

/** JSON-RPC codes that say more than their number. */
const codes: Readonly<Record<number, string>> = {
  [-32_000]: 'connection_closed',
  [-32_001]: 'timeout',
  [-32_600]: 'invalid_request',
  [-32_601]: 'method_not_found',
  [-32_602]: 'invalid_params',
  [-32_603]: 'internal_error',
};

function endOfError(error: unknown, aborted: boolean): Parameters<EndTool>[0] {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  if (aborted || name === 'AbortError') return { status: 'aborted', errorClass: 'aborted' };
  const known = typeof code === 'number' ? (codes[code] ?? 'rpc_error') : 'connection_failed';
  return { status: 'error', errorClass: known };
}
