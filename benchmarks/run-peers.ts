import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { bundleAndImport } from './tracker/bundle-and-import-of-peers.ts';
import { installPeers } from './tracker/peers/install-peers.ts';
import { peersFolder, versionOf } from './tracker/peers/load-package.ts';
import type { Peer } from './tracker/peers/peer.ts';
import type { PeerFigures, StageFigures } from './tracker/peers/peer-figures.ts';
import { notMeasured, peers } from './tracker/peers/peers.ts';
import { resultsPage } from './tracker/peers/results-page.ts';
import { runStage } from './tracker/peers/run-stage.ts';
import { cost } from './tracker/peers/stages/cost.ts';
import { outage } from './tracker/peers/stages/outage.ts';
import { refused } from './tracker/peers/stages/refused.ts';

interface PeersOptions {
  readonly only?: string;
  readonly write?: boolean;
  readonly minutes: string;
  readonly scale: string;
}

const options = new Command('npm run bench:peers --')
  .description('Measures public wrappers of the openai client beside the tracker, one after another.')
  .option('--only <ids>', 'only these wrappers, and ours; ids with commas between')
  .option('--write', 'write benchmarks/tracker/peers/RESULTS.md')
  .option('--minutes <count>', 'start no further wrapper after this time', '8')
  .option('--scale <share>', 'make this share of the usual calls, for a try', '1')
  .parse()
  .opts<PeersOptions>();

const scale = Number(options.scale);

/** What a wrapper said about events that did not arrive, as far as it could be heard. */
function lossesTold(counted: string | undefined, consoleLines: number): string {
  if (counted !== undefined) return counted;
  return consoleLines > 0 ? `${consoleLines.toLocaleString('en')} lines on the console, no count` : 'nothing';
}

async function measure(peer: Peer): Promise<PeerFigures> {
  const begun = performance.now();
  let figures: StageFigures = {};
  const failures: string[] = [];
  const consoleLines: number[] = [];
  for (const stage of [cost, outage, refused]) {
    const result = await runStage(peer, stage, scale);
    figures = { ...figures, ...result.figures };
    failures.push(...result.failures);
    consoleLines.push(result.consoleLines);
  }
  // What it greets with when all goes well says nothing about losses.
  const [greeting = 0, ...faults] = consoleLines;
  const faultLines = faults.reduce((sum, lines) => sum + Math.max(0, lines - greeting), 0);
  const size = await bundleAndImport(peer);
  return {
    ...figures,
    ...size.figures,
    lossesTold: lossesTold(figures.lossesTold, faultLines),
    id: peer.id,
    name: peer.name,
    versions: peer.packages.map((name) => `${name} ${versionOf(name)}`),
    note: peer.note,
    seconds: (performance.now() - begun) / 1000,
    failures: [...failures, ...size.failures],
  };
}

await installPeers();
const wanted = options.only?.split(',');
const chosen = peers.filter(({ id }, index) => index === 0 || !wanted || wanted.includes(id));
const end = performance.now() + Number(options.minutes) * 60_000;
const measured: PeerFigures[] = [];
const skipped: { name: string; reason: string }[] = [];
for (const [index, peer] of chosen.entries()) {
  if (performance.now() > end) {
    skipped.push({
      name: peer.name,
      reason: `its turn came after the ${options.minutes} minutes of this run`,
    });
    continue;
  }
  process.stderr.write(`${index + 1} of ${chosen.length}: ${peer.name} ... `);
  const figures = await measure(peer);
  measured.push(figures);
  process.stderr.write(`${Math.round(figures.seconds)} s ${figures.failures.join('; ')}\n`);
}
const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}, openai ${versionOf('openai')}, ${new Date().toISOString().slice(0, 10)}`;
const page = resultsPage({
  peers: measured,
  notMeasured: [...skipped, ...notMeasured],
  machine,
  scale,
});
process.stdout.write(page);
if (options.write) await writeFile(join(peersFolder, 'RESULTS.md'), page);
// Only ours failing is a fault of this repository; a public wrapper that fails is a result.
if (measured[0] && measured[0].failures.length > 0) process.exitCode = 1;
