/**
 * What a widget has to show. `Picture` is what its view draws.
 *
 * | name | when |
 * |---|---|
 * | `loading` | the first answer is on its way |
 * | `ready` | figures that are complete and current |
 * | `partial` | figures from which calls without a known price are missing |
 * | `stale` | figures that should have been renewed by now |
 * | `withheld` | figures of which the main one is not for this reader; null when nothing is left to show |
 * | `empty` | nothing was recorded, which is not zero |
 * | `not_configured` | the vendor has not set this up |
 * | `denied` | the reader's role does not include this, or the session has ended |
 * | `failed` | the figures could not be loaded, with the problem's stable code where there is one |
 */
export type WidgetState<Picture> =
  | { readonly name: 'loading' }
  | { readonly name: 'ready' | 'partial' | 'stale'; readonly picture: Picture }
  | { readonly name: 'withheld'; readonly picture: Picture | null }
  | { readonly name: 'empty'; readonly picture?: Picture | undefined }
  | { readonly name: 'not_configured'; readonly href?: string | undefined }
  | { readonly name: 'denied'; readonly reason: 'role' | 'session' }
  | { readonly name: 'failed'; readonly code: string | null };

/** The names of all states. */
export type WidgetStateName = WidgetState<unknown>['name'];

/** The picture of a state, or null where it has none. */
export function pictureOf<Picture>(state: WidgetState<Picture>): Picture | null {
  return 'picture' in state ? (state.picture ?? null) : null;
}
