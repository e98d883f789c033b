import { expect, test } from 'vitest';
import { reportPage } from './report.ts';

test('the page says of each figure whether it meets its target, and why a scenario gave none', () => {
  const page = reportPage(
    [
      {
        id: 'tracker/x',
        question: 'How much?',
        seconds: 1.4,
        failure: null,
        measurements: [
          { what: 'bytes', value: 5120, unit: 'bytes', target: { kind: 'at most', value: 6144 } },
          {
            what: 'delay',
            value: 31.5,
            unit: 'ms',
            spread: [20, 44.25],
            target: { kind: 'at most', value: 20 },
          },
        ],
      },
      { id: 'server/y', question: 'And?', seconds: 2, failure: 'no database', measurements: [] },
    ],
    'two cores',
  );
  expect(page).toContain('| bytes | 5,120 bytes |  | at most 6,144 bytes | met |  |');
  expect(page).toContain('| delay | 31.5 ms | 20.0 to 44.3 | at most 20.0 ms | **not met** |  |');
  expect(page).toContain('Failed: no database');
});
