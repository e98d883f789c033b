import type { ApiKeyInput, Problem } from '@tallykit/protocol';
import type { PrincipalClaim } from '../access/principal.ts';
import { createTallykit, type Tallykit } from '../create-tallykit.ts';
import type { TallykitOptions } from '../options.ts';
import { createManualClock, type ManualClock } from '../primitives/clock.ts';
import { referenceStorage, type ReferenceStorage } from './reference/reference-storage.ts';

/** A request to the handler, and who sends it. */
export interface TestAsk {
  /** What the host's session says; nobody unless told. */
  readonly as?: PrincipalClaim | undefined;
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** An answer with its JSON read. */
export interface TestAnswer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** A Tallykit over the reference store, with a clock that stands still and sessions that a test hands out. */
export interface TestTallykit {
  readonly tallykit: Tallykit;
  readonly storage: ReferenceStorage;
  readonly clock: ManualClock;
  /** Sends one request, for example `PUT /v1/prices`. */
  ask<Body = Problem>(route: string, ask?: TestAsk): Promise<TestAnswer<Body>>;
  /** Makes a key and answers with its secret. */
  key(input?: Partial<ApiKeyInput>): Promise<string>;
}

const sessionHeader = 'x-test-session';

/**
 * Opens a Tallykit for tests of what is above storage.
 *
 * @example
 * const { ask } = openTestTallykit();
 * const answer = await ask('GET /v1/session', { as: { subject: 'ops', role: 'operator' } });
 */
export function openTestTallykit(options: Partial<TallykitOptions> = {}): TestTallykit {
  const clock = createManualClock(Date.parse('2026-11-20T10:42:00Z'));
  const storage = referenceStorage({ clock });
  const tallykit = createTallykit({
    storage,
    clock,
    logger: { error: () => undefined, warn: () => undefined },
    authenticate: (request) => {
      const session = request.headers.get(sessionHeader);
      return session === null ? null : (JSON.parse(session) as PrincipalClaim);
    },
    ...options,
  });
  return {
    tallykit,
    storage,
    clock,
    async ask<Body>(route: string, { as, token, body, headers }: TestAsk = {}) {
      const [method = 'GET', path = '/'] = route.split(' ');
      const answer = await tallykit.handler(
        new Request(`http://host.example${path}`, {
          method,
          headers: {
            ...(as === undefined ? {} : { [sessionHeader]: JSON.stringify(as) }),
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        }),
      );
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        body: (text === '' ? undefined : JSON.parse(text)) as Body,
      };
    },
    async key(input) {
      const { secret } = await tallykit.keys.create({ kind: 'server', name: 'test', ...input });
      return secret;
    },
  };
}
