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

/** What of Node's `process` is used. Read from `globalThis` only, so that edge runtimes can lack it. */
export interface HostProcess {
  getBuiltinModule?(name: string): unknown;
  on?(event: 'beforeExit', listener: () => void): unknown;
  off?(event: 'beforeExit', listener: () => void): unknown;
}

/** The host's `process`, where there is one. */
export function hostProcess(): HostProcess | undefined {
  return (globalThis as { process?: HostProcess }).process;
}

/**
 * The runtime's AsyncLocalStorage: a global in edge runtimes, a built-in module in Node, Deno and Bun. `undefined`
 * where there is none (and in Node below 20.16, which cannot hand out a built-in module to code without imports).
 */
export function findAsyncStorage(): AsyncStorageConstructor | undefined {
  type Holder = { AsyncLocalStorage?: AsyncStorageConstructor } | undefined;
  const builtin = hostProcess()?.getBuiltinModule?.('async_hooks') as Holder;
  return (globalThis as Holder)?.AsyncLocalStorage ?? builtin?.AsyncLocalStorage;
}
