import { parseCommandLine } from './command-line.ts';
import { runHelpdesk } from './run-helpdesk.ts';
import { runReplay } from './run-replay.ts';

const options = parseCommandLine(process.argv.slice(2), process.env);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}

async function main(): Promise<void> {
  if (options.trace !== undefined) {
    const { host, equal } = await runReplay({ ...options, trace: options.trace }, print);
    if (!options.once) return stopOnSignal(host.close);
    await host.close();
    process.exit(equal ? 0 : 1);
  }
  const { host, stop } = await runHelpdesk(options, print);
  stopOnSignal(stop);
  print(
    `\nThe helpdesk is at ${host.origin}\nIts assistant makes a call every second or two. Stop it with Ctrl+C.`,
  );
}

main().catch((error: unknown) => {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  process.stderr.write(
    inUse
      ? `Port ${options.port} is taken by another program. Stop that, or choose another port: PORT=4401 npm run demo\n`
      : `The demo could not start: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
