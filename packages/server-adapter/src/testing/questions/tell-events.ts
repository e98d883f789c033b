import type { UsageEvent } from '@tallykit/protocol';
import type { QuestionStand } from './question-stand.ts';

/** What a test tells of an event: its kind, and what its kind has. */
export type ToldEvent = Readonly<Record<string, unknown>> & { readonly kind: UsageEvent['kind'] };

/** Appends events that begin at an instant, one millisecond after the other. */
export function tellEvents(
  stand: Pick<QuestionStand, 'events'>,
  at: string,
  ...events: readonly ToldEvent[]
): Promise<readonly string[]> {
  return stand.events(
    ...events.map((fields, index) => ({
      at: new Date(Date.parse(at) + index).toISOString(),
      // The fields are those of the kind; a test that errs is told by what it reads.
      event: (id: string) => ({ id, traceId: 'a'.repeat(32), ...fields }) as unknown as UsageEvent,
    })),
  );
}
