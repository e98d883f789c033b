import * as z from 'zod/mini';

/**
 * An error answer, after RFC 9457 (`application/problem+json`), with a stable `code`.
 *
 * @example
 * const problem: Problem = {
 *   type: 'about:blank', title: 'Forbidden', status: 403, code: 'role_denied',
 *   detail: 'Customer members cannot read analytics. Ask an admin of the account.',
 * };
 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  /** What happened, why it matters, what to do. */
  readonly detail: string;
  readonly instance?: string | undefined;
  /** The parts of the request that are wrong, by JSON pointer or query parameter. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[] | undefined;
}

/** Checks a {@link Problem}; open. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  detail: z.string(),
  instance: z.optional(z.string()),
  errors: z.optional(z.array(z.object({ pointer: z.string(), detail: z.string() }))),
});
