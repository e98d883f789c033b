import { Command, InvalidArgumentError } from 'commander';

/** What the demo was asked to do. */
export interface DemoOptions {
  readonly port: number;
  /** Folder of the store; in memory when absent. */
  readonly data: string | undefined;
  /** A trace file to replay in place of the helpdesk's own traffic. */
  readonly trace: string | undefined;
  readonly model: string;
  /** How many times faster than recorded, or as fast as it goes. */
  readonly speed: number | 'max';
  /** Exit after the replay: 0 if the server's figures equal what was sent. */
  readonly once: boolean;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

function speedOf(text: string): number | 'max' {
  if (text === 'max') return 'max';
  const speed = Number(text);
  if (!(speed > 0) || !Number.isFinite(speed))
    throw new InvalidArgumentError('A speed is a number above 0, or max.');
  return speed;
}

/** Reads the command line and the environment; prints help and exits on a wrong one. */
export function parseCommandLine(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): DemoOptions {
  const command = new Command('npm run demo --')
    .description('A small helpdesk product with Tallykit mounted in it, on loopback.')
    .option(
      '--port <number>',
      'port to listen on (PORT does the same)',
      portOf,
      portOf(environment['PORT'] ?? '4400'),
    )
    .option('--data <folder>', 'keep the store in this folder (default: in memory)')
    .option('--trace <file>', 'replay a trace: CSV with TIMESTAMP,ContextTokens,GeneratedTokens')
    .option('--model <name>', 'model of the replayed calls', 'gpt-4o-mini')
    .option(
      '--speed <factor>',
      'pace of the replay: 1 as recorded, 60 a minute a second, max (default: 1, with --once max)',
      speedOf,
    )
    .option('--once', 'exit after the replay: 0 if the figures equal what was sent, else 1', false)
    .parse([...argv], { from: 'user' });
  const options = command.opts<Omit<DemoOptions, 'speed'> & { speed?: number | 'max' }>();
  if (options.once && !options.trace)
    command.error('error: --once needs --trace FILE: without a trace there is nothing to finish');
  return {
    ...options,
    data: options.data,
    trace: options.trace,
    speed: options.speed ?? (options.once ? 'max' : 1),
  };
}
