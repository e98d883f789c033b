import { Presets, SingleBar } from 'cli-progress';

/** A progress bar on a terminal, a line every tenth elsewhere. */
export interface Progress {
  readonly update: (done: number) => void;
  readonly stop: () => void;
}

/** Starts to show how much of `total` is done. */
export function startProgress(label: string, total: number, terminal: NodeJS.WriteStream): Progress {
  if (terminal.isTTY) {
    const bar = new SingleBar(
      {
        format: `${label} {bar} {percentage}% {value}/{total} in {duration_formatted}`,
        stream: terminal,
        hideCursor: true,
      },
      Presets.shades_classic,
    );
    bar.start(total, 0);
    return { update: (done) => bar.update(done), stop: () => bar.stop() };
  }
  let told = 0;
  return {
    update: (done) => {
      const tenth = Math.floor((done / total) * 10);
      if (tenth > told) {
        told = tenth;
        terminal.write(`${label} ${tenth * 10}% ${done}/${total}\n`);
      }
    },
    stop: () => undefined,
  };
}
