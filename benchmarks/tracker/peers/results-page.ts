import type { PeerFigures, Rounds, Share } from './peer-figures.ts';

type Column = readonly [title: string, cell: (peer: PeerFigures) => string];

function figure(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const absent = '-';
const number = (value: number | undefined): string => (value === undefined ? absent : figure(value));
const rounds = (measured: Rounds | undefined): string =>
  measured ? `${figure(measured.value)} (${measured.spread.map(figure).join(' to ')})` : absent;
const share = (counted: Share | undefined): string =>
  counted ? `${counted.arrived.toLocaleString('en')} of ${counted.made.toLocaleString('en')}` : absent;
const said = (value: boolean | undefined): string => (value === undefined ? absent : value ? 'yes' : 'no');

function table(peers: readonly PeerFigures[], columns: readonly Column[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(['wrapper', ...columns.map(([title]) => title)]),
    `|---|${columns.map(() => '---:|').join('')}`,
    ...peers.map((peer) => line([peer.name, ...columns.map(([, cell]) => cell(peer))])),
  ].join('\n');
}

/** How many times our figure the best of the others is; null when either is missing or nothing is left to divide by. */
export function bestAgainstOurs(
  peers: readonly PeerFigures[],
  read: (peer: PeerFigures) => number | undefined,
): { readonly name: string; readonly ratio: number } | null {
  const [ours, ...others] = peers;
  const our = ours ? read(ours) : undefined;
  if (our === undefined || our <= 0) return null;
  let best: { name: string; ratio: number } | null = null;
  for (const peer of others) {
    const value = read(peer);
    if (value === undefined) continue;
    const ratio = value / our;
    if (!best || ratio < best.ratio) best = { name: peer.name, ratio };
  }
  return best;
}

function heapAnEvent(peer: PeerFigures): string {
  return peer.outageHeapAnEvent === undefined ? absent : figure(peer.outageHeapAnEvent / 1024);
}

function refusedHeap(peer: PeerFigures): string {
  const { refusedCalls, refusedHeapBytes } = peer;
  if (refusedCalls === undefined || refusedHeapBytes === undefined) return absent;
  return `${figure(refusedHeapBytes / 2 ** 20)} after ${refusedCalls.toLocaleString('en')}`;
}

function ratios(peers: readonly PeerFigures[]): readonly string[] {
  const compared: readonly (readonly [string, (peer: PeerFigures) => number | undefined])[] = [
    ['added CPU a call, 32 at once', (peer) => peer.cpuAtOnce?.value],
    ['added CPU a call, one at a time', (peer) => peer.cpuOneAtATime?.value],
    ['bytes on the wire a call', (peer) => peer.bytesACall],
    ['bundle', (peer) => peer.bundleBytes],
    ['import', (peer) => peer.importMs?.value],
  ];
  return compared.flatMap(([what, read]) => {
    const best = bestAgainstOurs(peers, read);
    return best
      ? [`- ${what}: the best of the others is ${best.name} at ${figure(best.ratio)} times ours`]
      : [];
  });
}

/** The comparison as a page, ours first. */
export function resultsPage({
  peers,
  notMeasured,
  machine,
  scale,
}: {
  readonly peers: readonly PeerFigures[];
  readonly notMeasured: readonly { readonly name: string; readonly reason: string }[];
  readonly machine: string;
  /** The share of the usual calls that was made; 1 for a full run. */
  readonly scale: number;
}): string {
  const remarks = peers.flatMap(({ name, note, failures }) =>
    [note, ...failures].flatMap((text) => (text === undefined ? [] : [`- ${name}: ${text}`])),
  );
  return [
    '# Beside public wrappers',
    '',
    `Made by \`npm run bench:peers -- --write\` on ${machine}. Every wrapper runs in processes of its own, in turns with a bare client of`,
    'the same version; a provider in memory answers, and a collector on loopback in another process accepts what is sent and counts the',
    'calls in it. Each wrapper is set up as its documentation says, with its own defaults. Nothing leaves the machine. Differences and',
    'ratios of one run can be compared; times of two machines cannot.',
    '',
    ...(scale === 1 ? [] : [`A try with ${figure(scale)} of the usual calls: its figures are rough.`, '']),
    '## What a call costs',
    '',
    'CPU that the wrapper adds in the application, flush counted in: median of five rounds, with the smallest and the largest.',
    '',
    table(peers, [
      ['us a call, 32 at once', (peer) => rounds(peer.cpuAtOnce)],
      ['us a call, one at a time', (peer) => rounds(peer.cpuOneAtATime)],
      ['us a streamed chunk', (peer) => rounds(peer.cpuAChunk)],
      ['import, ms', (peer) => rounds(peer.importMs)],
      ['bundle without openai, KB gzipped', (peer) => number(peer.bundleBytes && peer.bundleBytes / 1024)],
    ]),
    '',
    ...ratios(peers),
    '',
    '## What travels',
    '',
    table(peers, [
      ['bytes a call', (peer) => number(peer.bytesACall)],
      ['requests per 1,000 calls', (peer) => number(peer.requestsAThousand)],
      ['compressed', (peer) => said(peer.compresses)],
      ['sends prompts', (peer) => said(peer.sendsContent)],
      ['arrived of a normal run', (peer) => share(peer.normal)],
      ['arrived of streams left after three chunks', (peer) => share(peer.afterBreak)],
    ]),
    '',
    '## When the collector fails',
    '',
    'It answers 503 during the calls and then comes back, and gets up to eight seconds of flushing; or it goes away and stays away. Heap is',
    'what stays in use after collecting garbage, array buffers included; where events are dropped, little can stay. Calls without a',
    'collector end after 50,000 or eight seconds.',
    '',
    table(peers, [
      ['503, then back: arrived', (peer) => share(peer.outage)],
      ['503: heap a call, KB', heapAnEvent],
      ['gone: heap, MB', refusedHeap],
      ['says what it lost', (peer) => peer.lossesTold ?? absent],
    ]),
    '',
    '## Versions and remarks',
    '',
    ...peers.map(({ name, versions }) => `- ${name}: ${versions.join(', ')}`),
    '',
    ...remarks,
    '',
    '## Not measured',
    '',
    ...notMeasured.map(({ name, reason }) => `- ${name}: ${reason}`),
    '',
  ].join('\n');
}
