import { describe, expect, test } from 'vitest';
import type { PeerFigures } from './peer-figures.ts';
import { bestAgainstOurs, resultsPage } from './results-page.ts';

function wrapper(id: string, figures: Partial<PeerFigures> = {}): PeerFigures {
  return { id, name: id.toUpperCase(), versions: [`${id} 1.2.3`], seconds: 1, failures: [], ...figures };
}

describe('the best of the others', () => {
  test('is the one with the smallest figure, as a multiple of ours', () => {
    const peers = [
      wrapper('ours', { bytesACall: 80 }),
      wrapper('one', { bytesACall: 800 }),
      wrapper('two', { bytesACall: 400 }),
    ];
    expect(bestAgainstOurs(peers, (peer) => peer.bytesACall)).toEqual({ name: 'TWO', ratio: 5 });
  });

  test('may be better than ours', () => {
    const peers = [wrapper('ours', { bytesACall: 80 }), wrapper('one', { bytesACall: 40 })];
    expect(bestAgainstOurs(peers, (peer) => peer.bytesACall)?.ratio).toBe(0.5);
  });

  test('is nobody when a figure is missing or noise made ours nothing', () => {
    expect(
      bestAgainstOurs([wrapper('ours'), wrapper('one', { bytesACall: 1 })], (peer) => peer.bytesACall),
    ).toBeNull();
    expect(
      bestAgainstOurs([wrapper('ours', { bytesACall: 80 }), wrapper('one')], (peer) => peer.bytesACall),
    ).toBeNull();
    const negative = { value: -1, spread: [-2, 1] as const };
    expect(
      bestAgainstOurs(
        [
          wrapper('ours', { cpuAtOnce: negative }),
          wrapper('one', { cpuAtOnce: { value: 5, spread: [4, 6] } }),
        ],
        (peer) => peer.cpuAtOnce?.value,
      ),
    ).toBeNull();
  });
});

describe('the page', () => {
  const page = resultsPage({
    peers: [
      wrapper('ours', {
        cpuAtOnce: { value: 30, spread: [25, 41] },
        outage: { made: 10_000, arrived: 10_000 },
        lossesTold: 'a count',
      }),
      wrapper('other', {
        outage: { made: 10_000, arrived: 2_048 },
        lossesTold: 'nothing',
        failures: ['cost: not finished after 35 s'],
      }),
    ],
    notMeasured: [{ name: 'Absent', reason: 'needs an account' }],
    machine: 'two cores',
    scale: 1,
  });

  test('shows a share as what arrived of what was made', () =>
    expect(page).toContain('| OTHER | 2,048 of 10,000 | - | - | nothing |'));
  test('shows what was not measured as missing, and says why', () => {
    expect(page).toContain('| OTHER | - | - | - | - | - |');
    expect(page).toContain('- OTHER: cost: not finished after 35 s');
  });
  test('keeps the smallest and largest round beside the median', () =>
    expect(page).toContain('| OURS | 30.0 (25.0 to 41.0) |'));
  test('names the versions, and who is not in it with the reason', () => {
    expect(page).toContain('- OTHER: other 1.2.3');
    expect(page).toContain('- Absent: needs an account');
  });
  test('calls a run with fewer calls a try', () => {
    expect(page).not.toContain('A try');
    expect(resultsPage({ peers: [], notMeasured: [], machine: 'x', scale: 0.1 })).toContain(
      'A try with 0.10',
    );
  });
});
