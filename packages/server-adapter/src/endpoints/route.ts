import type { Permission } from '@tallykit/protocol';
import type { $ZodType } from 'zod/v4/core';
import type { Caller } from '../access/caller.ts';
import type { OrganizationStore } from '../storage/contract/storage.ts';
import type { Parts } from './parts.ts';
import type { QueryParameter } from './query-parameters.ts';

/** A request on its way to the handler of an open route. */
export interface OpenCall {
  readonly request: Request;
  readonly parts: Parts;
  readonly body: unknown;
}

/** A request on its way to a handler: who asks is known and may ask it, and the body is read. */
export interface EndpointCall extends OpenCall {
  readonly caller: Caller;
  /** Parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The write side of the caller's organization. */
  readonly store: OrganizationStore;
}

interface RouteDescription {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below the base path; `{name}` stands for one part. */
  readonly path: string;
  /** One line for people who read the list of routes. */
  readonly summary: string;
  /** Shape of the body; no body is read where it is absent. Handlers check it, each with its own problems. */
  readonly body?: $ZodType;
  /** Media types of a body that the handler reads itself, and of its answer; in place of `body` and `answer`. */
  readonly mediaTypes?: readonly string[];
  /** Tells a refusal in another form than a problem, for callers who read no problems. */
  refuse?(problem: Response, request: Request): Promise<Response>;
  /** Shape of the answer; several for a route that answers by its path. None: an empty 204. */
  readonly answer?: $ZodType | readonly $ZodType[];
  readonly query?: readonly QueryParameter[];
  /** Action under which a successful use is written to the audit trail. */
  readonly audit?: string;
}

/** A route that anybody may ask: it shows nothing of anybody. */
export interface OpenRoute extends RouteDescription {
  readonly needs: 'nothing';
  handle(call: OpenCall): unknown;
}

/** A route for known callers: with a permission, or `signed_in` for all of them. */
export interface GuardedRoute extends RouteDescription {
  readonly needs: Permission | 'signed_in';
  /** The insight that the path names, for embed tokens that serve some widgets only. */
  readonly insightOf?: (params: Readonly<Record<string, string>>) => string;
  handle(call: EndpointCall): unknown;
}

/** One row of the surface. A handler returns what the answer holds, or a whole `Response`. */
export type Route = OpenRoute | GuardedRoute;
