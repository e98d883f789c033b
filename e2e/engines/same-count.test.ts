import { createTallykit } from '@tallykit/server-adapter';
import { referenceStorage } from '@tallykit/server-adapter/testing';
import { createTracker } from '@tallykit/tracker-sdk';
import type { IngestAnswer, IngestRequest, UsageEvent } from '@tallykit/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';

type Tampered = Readonly<Record<string, unknown>>;
type Tampering = (event: UsageEvent, first: UsageEvent) => Tampered;

/** What may become of an event on its way to a server that is stricter, older or another one than the tracker expects. */
const tamperings = {
  whole: (event) => ({ ...event }),
  'with three unknown keys': (event) => ({ ...event, a: 1, b: 2, 'c/d~e': 3 }),
  'with a negative and an unknown bucket': (event) => ({ ...event, usage: { input: -1, colour: 2 } }),
  'of no kind': (event) => ({ ...event, kind: 'thought' }),
  'without anything': () => ({}),
  'too long ago': (event) => ({ ...event, id: `01000000-0000-7${event.id.slice(15)}` }),
  'like the first of its batch': (_, first) => ({ ...first }),
  'with the id of the first of its batch': (event, first) => ({ ...event, id: first.id, flow: 'other' }),
  'answered by the first response': (event) => ({ ...event, responseId: 'resp_1' }),
  'with a secret in a tag': (event) => ({ ...event, tags: { password: 'hunter2' } }),
} satisfies Record<string, Tampering>;

const names = Object.keys(tamperings) as (keyof typeof tamperings)[];

test('tracker and server count the same, whatever becomes of an event between them', async () => {
  const anyBatches = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(anyBatches, async (plan) => {
      const tallykit = createTallykit({ storage: referenceStorage() });
      const answers: IngestAnswer[] = [];
      let sent = 0;
      const tracker = createTracker({
        flushAtExit: false,
        maxBatchEvents: 7,
        async transport(request) {
          const [first] = request.events;
          const events = request.events.map((event, place) => {
            const tamper: Tampering = tamperings[plan[(sent + place) % plan.length] ?? 'whole'];
            return first === undefined ? { ...event } : tamper(event, first);
          });
          sent += events.length;
          const answer = await tallykit.ingest({ ...request, events } as unknown as IngestRequest);
          const refused = answer.problems.filter(({ outcome }) => outcome !== 'warning');
          const places = new Set(refused.map(({ index }) => index));
          expect(answer.accepted + answer.duplicates + places.size).toBe(events.length);
          answers.push(answer);
          return answer;
        },
      });
      for (const _ of plan) {
        tracker.record({ provider: 'p', requestModel: 'm', operation: 'chat', usage: { input: 1 } });
      }
      expect(await tracker.flush()).toBe(true);
      const { recorded, accepted, duplicates, queued, lost } = tracker.stats();
      const sumOf = (count: 'accepted' | 'duplicates') =>
        answers.reduce((sum, answer) => sum + answer[count], 0);
      expect([recorded, queued]).toEqual([plan.length, 0]);
      expect([accepted, duplicates]).toEqual([sumOf('accepted'), sumOf('duplicates')]);
      const { rejected = 0, conflict = 0, ...others } = lost;
      expect(others).toEqual({});
      expect(sent).toBe(accepted + duplicates + rejected + conflict);
      await tallykit.close();
    }),
    { numRuns: 30 },
  );
});
