import type { Grain, InsightAnswers, InsightId, UsageGroup } from '@tallykit/protocol';
import { insightAnswerShapes } from '../answers/answer-shapes.ts';
import { routes } from '../routes.ts';
import type { RequestOptions, Send } from '../send.ts';

/** Whose figures, and of when. Everything is optional; the answer says what was taken. */
export interface InsightRange {
  /** Inclusive, an instant in UTC: `2026-11-01T00:00:00Z`. */
  readonly from?: string | undefined;
  /** Exclusive; now unless told. */
  readonly to?: string | undefined;
  /** A calendar month, `2026-11`, in place of `from` and `to`; the current one ends now. */
  readonly month?: string | undefined;
  /** IANA name; the organization's reporting zone unless told. */
  readonly timeZone?: string | undefined;
  /** Operators: only this customer's figures. */
  readonly customerId?: string | undefined;
  /** Operators only: one customer's figures exactly as that customer sees them. */
  readonly asCustomer?: string | undefined;
}

/** What `GET /v1/insights/{id}` takes, by id. */
export interface InsightParams {
  readonly 'token-spend': InsightRange & { readonly environment?: string | undefined };
  readonly 'usage-over-time': InsightRange & {
    readonly environment?: string | undefined;
    /** `day` unless told. */
    readonly grain?: Grain | undefined;
    /** `none` unless told. */
    readonly groupBy?: UsageGroup | undefined;
    /** Conditions as `field:operator:value`, for example `flow:eq:triage`; all of them hold. */
    readonly filter?: readonly string[] | undefined;
    /** How many groups get a series of their own; 5 unless told. */
    readonly top?: number | undefined;
    /** What makes a group large; `cost` unless told. */
    readonly orderBy?: 'cost' | 'tokens' | 'calls' | undefined;
  };
  readonly 'revenue-hero': InsightRange;
  readonly 'reconciliation-status': Omit<InsightRange, 'timeZone'>;
}

/** Ready-made questions with a fixed answer shape. */
export interface InsightsResource {
  /**
   * Asks one insight.
   *
   * @example
   * const spend = await client.insights.get('token-spend', { from: '2026-11-01T00:00:00Z' });
   * spend.pending.share; // the part of the calls that has no cost yet
   */
  get<Id extends InsightId>(
    id: Id,
    params?: InsightParams[Id],
    options?: RequestOptions,
  ): Promise<InsightAnswers[Id]>;
}

/** The insights over one client's transport. */
export function insightsResource(send: Send): InsightsResource {
  return {
    get: (id, params, options) =>
      send(
        {
          route: routes.getInsight,
          parameters: { id },
          query: { ...params },
          safe: true,
          answer: insightAnswerShapes[id],
        },
        options,
      ),
  };
}
