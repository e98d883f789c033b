/** What the comparison needs of an `openai` client, wrapped or not. */
export interface ChatClient {
  readonly chat: { readonly completions: { readonly create: (request: object) => PromiseLike<unknown> } };
}

/** The class of the `openai` package. */
export type ChatClientClass = new (options: { apiKey: string; fetch: typeof fetch }) => ChatClient;

/** What a wrapper is set up with. */
export interface PeerSetting {
  /** The collector on loopback, without a slash at its end. */
  readonly endpoint: string;
  /** Stands for the provider. */
  readonly fetch: typeof fetch;
  /** Loaded with `import`. The bare client is of this class too, so nothing may patch it. */
  readonly OpenAI: ChatClientClass;
}

/** A wrapper that is set up. */
export interface OpenPeer {
  readonly client: ChatClient;
  /** Sends what waits, in the wrapper's own way. */
  readonly flush: () => Promise<unknown>;
  /** Runs a call as the wrapper's documentation says, where that takes more than calling the client. */
  readonly within?: ((index: number, call: () => Promise<void>) => Promise<void>) | undefined;
  /** Events that the wrapper says it lost, where it can be asked. */
  readonly lost?: (() => number) | undefined;
}

/** A public wrapper of the `openai` package, or ours. */
export interface Peer {
  /** The name of its file. */
  readonly id: string;
  readonly name: string;
  /** Packages whose versions are shown. */
  readonly packages: readonly string[];
  /** What an application imports to use it, as statements. */
  readonly imports: string;
  /** What differs from the others in how it is measured. */
  readonly note?: string | undefined;
  /** Set for its process before anything is loaded. */
  readonly environment?: ((endpoint: string) => Readonly<Record<string, string>>) | undefined;
  /** The collector's answer in the wrapper's own wire format; `{}` where there is none. */
  readonly answer?: ((path: string, body: () => string, endpoint: string) => string | undefined) | undefined;
  /** Finds each call's own record in what arrived, where a call's mark does not travel. */
  readonly records?: RegExp | undefined;
  readonly open: (setting: PeerSetting) => Promise<OpenPeer>;
}
