/** What of Node's AsyncLocalStorage is used. */
export interface AsyncStorage<Value> {
  run<Result>(store: Value, callback: () => Result): Result;
  getStore(): Value | undefined;
}

/** The class of {@link AsyncStorage}. */
export interface AsyncStorageConstructor {
  new <Value>(): AsyncStorage<Value>;
  /** Binds functions to the context in which it was called. Missing in old runtimes. */
  snapshot?(): <Result>(callback: () => Result) => Result;
}

/** What of the runtime's globals is used. Everything may be missing: browsers and edge runtimes differ. */
interface Runtime {
  readonly AsyncLocalStorage?: AsyncStorageConstructor;
  readonly process?: {
    getBuiltinModule?(name: 'async_hooks'): { AsyncLocalStorage: AsyncStorageConstructor } | undefined;
    getBuiltinModule?(name: 'zlib'): { gzipSync(text: string): Uint8Array<ArrayBuffer> } | undefined;
    on?(event: 'beforeExit', listener: () => void): unknown;
    off?(event: 'beforeExit', listener: () => void): unknown;
  };
}

/** The globals of the runtime that the host happens to run in. */
export const runtime = globalThis as Runtime;

/**
 * The runtime's AsyncLocalStorage: a global in edge runtimes, a built-in module in Node, Deno and Bun. `undefined`
 * where there is none (and in Node below 20.16, which cannot hand out a built-in module to code without imports).
 */
export function findAsyncStorage(): AsyncStorageConstructor | undefined {
  const { AsyncLocalStorage, process } = runtime;
  return AsyncLocalStorage ?? process?.getBuiltinModule?.('async_hooks')?.AsyncLocalStorage;
}
