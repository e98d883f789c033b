import { InvalidArgumentError, Option, type Command } from 'commander';
import { createDevClock } from '../endpoints/dev-clock.ts';
import { systemClock } from '../primitives/clock.ts';
import { embedSecret } from './embed-secret.ts';
import {
  chosenOrganization,
  withOrganizationOptions,
  type OrganizationChoice,
} from './organization-options.ts';
import { checkDevelopmentOptions, startServer, type RunningServer } from './start-server.ts';
import { describeStore, openStorage, withStoreOptions, type StoreChoice } from './store-options.ts';
import { untilToldToStop } from './until-told-to-stop.ts';

interface ServeOptions extends StoreChoice, OrganizationChoice {
  readonly port: number;
  readonly host: string;
  readonly devAuth: boolean;
  readonly devClock: boolean;
  readonly origin: readonly string[];
}

/** `tallykit serve`: the handler as a server of its own, at the root. */
export function addServe(program: Command): void {
  const command = program
    .command('serve')
    .description('run Tallykit as a server of its own')
    .addOption(
      new Option('--port <port>', 'port to listen on, 0 for any')
        .default(4410)
        .argParser(parsePort)
        .env('PORT'),
    )
    .addOption(new Option('--host <address>', 'address to listen on').default('127.0.0.1'))
    .addOption(
      new Option(
        '--origin <origin...>',
        'origins of pages elsewhere that embed widgets, such as https://app.example.com',
      ).default([]),
    )
    .option('--dev-auth', 'believe the header x-tallykit-dev-principal (loopback only)', false)
    .option('--dev-clock', 'open PUT /v1/dev/clock (loopback only)', false);
  withOrganizationOptions(withStoreOptions(command)).action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  checkDevelopmentOptions(options);
  const { host, port, devAuth, origin } = options;
  const devClock = options.devClock ? createDevClock() : null;
  const storage = await openStorage(options, devClock ?? systemClock);
  // An empty database is set up; one with data in it is upgraded only by `tallykit migrate`.
  const isEmpty = (await storage.health()).schemaVersion === 0;
  const server = await startServer({
    storage,
    organization: chosenOrganization(
      options,
      isEmpty ? null : await storage.organization(options.organization),
    ),
    host,
    port,
    devAuth,
    devClock,
    embed: { secret: await embedSecret(options.data), origins: origin },
    migrate: isEmpty || !storage.capabilities.manyProcesses ? 'auto' : 'check',
  });
  // One write, so that whoever waits for the address has the keys as well.
  console.log(announcement(options, server));
  await untilToldToStop();
  await server.stop();
}

function announcement(options: ServeOptions, { address, firstKeys }: RunningServer): string {
  return [
    `Tallykit listens on ${address}`,
    `Store: ${describeStore(options)}`,
    ...(firstKeys === null
      ? []
      : [
          `Ingest key, shown this once: ${firstKeys.ingest}`,
          `Server key, shown this once: ${firstKeys.server}`,
        ]),
    ...(options.devAuth ? ['Development: every caller is believed (x-tallykit-dev-principal).'] : []),
    ...(options.devClock ? ['Development: the clock can be moved (PUT /v1/dev/clock).'] : []),
  ].join('\n');
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('Give a port from 0 to 65535.');
}
