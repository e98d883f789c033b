import { packPackages, packageNames, tarballOf } from '../build/pack-packages.ts';
import { commandFinding, type Check, type Finding } from './check.ts';
import { inPairs } from './in-pairs.ts';
import { oneFailed } from './tally.ts';

/** Two tests a package, on the very file that would be published: its manifest and its types hold for every consumer. */
export const packedCheck: Check = {
  name: 'packed',
  run: async () => {
    const packed = await packPackages();
    if (packed.code !== 0) return [{ title: 'packing', tally: oneFailed, output: packed.output }];
    return inPairs(
      packageNames.flatMap((name): (() => Promise<Finding>)[] => [
        () => commandFinding(`publint ${name}`, ['publint', 'run', tarballOf(name), '--strict']),
        () => commandFinding(`types resolve in ${name}`, resolutionCommand(name)),
      ]),
    );
  },
};

function resolutionCommand(name: string): [string, ...string[]] {
  // Only the tracker serves CommonJS hosts. A style sheet has no types to resolve.
  const profile = name === 'tracker-sdk' ? 'node16' : 'esm-only';
  const withoutStyles = name === 'widgets' ? ['--exclude-entrypoints', 'theme.css'] : [];
  const fixed = ['--no-definitely-typed', '--format', 'ascii', '--profile', profile];
  return ['attw', tarballOf(name), ...fixed, ...withoutStyles];
}
