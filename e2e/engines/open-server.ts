import type {
  ApiKeyCreated,
  ApiKeyInput,
  DatasetAnswer,
  DatasetQuery,
  IngestAnswer,
  InsightAnswers,
  InsightId,
  Problem,
} from '@tallykit/protocol';
import { expect } from 'vitest';
import type { Sent } from './build-events.ts';
import { runServer } from './run-server.ts';
import type { FreshStore } from './stores.ts';

/** A request, and who sends it. */
export interface Ask {
  /** The development principal; nobody unless told. */
  readonly as?: string | undefined;
  /** A key or embed token. */
  readonly token?: string | undefined;
  /** Sent as JSON, or as it is when it is text or bytes. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** An answer as it came over the wire. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

/** Figures of one row, by the ids of its columns. */
export type Row = Readonly<Record<string, string | number | null>>;

/** A `tallykit serve` on a store of its own, whose clock a test moves. */
export interface OpenServer {
  readonly endpoint: string;
  readonly ingestKey: string;
  /** Sends one request, for example `PUT /v1/prices`. */
  ask<Body = Problem>(route: string, ask?: Ask): Promise<Answer<Body>>;
  /** Sends events; with the key that was printed unless told. Fails when the request as a whole is refused. */
  send(events: readonly Sent[], token?: string): Promise<IngestAnswer>;
  /** Waits until everything that was sent is in the sums. */
  caughtUp(): Promise<void>;
  /** Asks a dataset query as the operator unless told, and gives its rows by the ids of their columns. */
  rows(query: DatasetQuery, as?: string): Promise<readonly Row[]>;
  /** Asks an insight as the operator unless told. */
  insight<Id extends InsightId>(
    id: Id,
    query?: Readonly<Record<string, string>>,
    as?: string,
  ): Promise<InsightAnswers[Id]>;
  /** Makes a key and gives its id and secret. */
  key(input: Partial<ApiKeyInput>): Promise<ApiKeyCreated>;
  moveClock(now: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server on a fresh store, with its clock at `now`. */
export async function openServer(
  fresh: () => Promise<FreshStore>,
  { now, flags = [] }: { readonly now: string; readonly flags?: readonly string[] },
): Promise<OpenServer> {
  const store = await fresh();
  const running = await runServer({ store: store.store, flags: ['--dev-clock', ...flags] });
  const { endpoint } = running;
  const ingestKey = running.ingestKey ?? '';

  const server: OpenServer = {
    endpoint,
    ingestKey,
    async ask<Body>(route: string, ask: Ask = {}) {
      const [method = 'GET', path = '/'] = route.split(' ');
      const { as, token, body, headers } = ask;
      const asIs = typeof body === 'string' || body instanceof Uint8Array;
      const answer = await fetch(`${endpoint}${path}`, {
        method,
        headers: {
          ...(as === undefined ? {} : { 'x-tallykit-dev-principal': as, 'x-tallykit-client': 'e2e' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: asIs ? (body as BodyInit) : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        body: (text === '' ? null : JSON.parse(text)) as Body,
      };
    },
    async send(events, token = ingestKey) {
      const body = { protocol: 1, sentAt: new Date().toISOString(), events };
      const answer = await server.ask<IngestAnswer>('POST /v1/events', { token, body });
      expect(answer.status, answer.text).toBe(200);
      return answer.body;
    },
    async caughtUp() {
      const { status, text } = await server.ask('POST /v1/jobs/tick', { as: 'operator', body: {} });
      expect(status, text).toBeLessThan(300);
    },
    async rows(query, as = 'operator') {
      const answer = await server.ask<DatasetAnswer>('POST /v1/datasets/token_usage/query', {
        as,
        body: query,
      });
      expect(answer.status, answer.text).toBe(200);
      const { columns, rows } = answer.body;
      return rows.map((row) => Object.fromEntries(columns.map(({ id }, index) => [id, row[index] ?? null])));
    },
    async insight<Id extends InsightId>(
      id: Id,
      query: Readonly<Record<string, string>> = {},
      as = 'operator',
    ) {
      const search = new URLSearchParams(query).toString();
      const answer = await server.ask<InsightAnswers[Id]>(`GET /v1/insights/${id}?${search}`, { as });
      expect(answer.status, answer.text).toBe(200);
      return answer.body;
    },
    async key(input) {
      const body = { kind: 'ingest', name: 'test', ...input };
      const answer = await server.ask<ApiKeyCreated>('POST /v1/keys', { as: 'operator', body });
      expect(answer.status, answer.text).toBeLessThan(300);
      return answer.body;
    },
    async moveClock(to) {
      const { status, text } = await server.ask('PUT /v1/dev/clock', { as: 'operator', body: { now: to } });
      expect(status, text).toBe(200);
    },
    async close() {
      await running.stop();
      await store.remove();
    },
  };
  await server.moveClock(now);
  return server;
}

/** Holds when an answer is a problem document that helps its reader: what happened, why it matters, what to do. */
export function expectProblem(answer: Answer<Problem>, status: number, code: string): void {
  expect([answer.status, answer.body?.code], answer.text).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({ status, type: expect.any(String) });
  expect(answer.body.title.length).toBeGreaterThan(5);
  expect(answer.body.detail).toMatch(/^[A-Z].{30,}\.$/s);
}
