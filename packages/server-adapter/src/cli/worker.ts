import { InvalidArgumentError, Option, type Command } from 'commander';
import { createTallykit } from '../create-tallykit.ts';
import { stderrLogger } from '../http/stderr-logger.ts';
import {
  chosenOrganization,
  withOrganizationOptions,
  type OrganizationChoice,
} from './organization-options.ts';
import { describeStore, openStorage, withStoreOptions, type StoreChoice } from './store-options.ts';
import { untilToldToStop } from './until-told-to-stop.ts';

interface WorkerOptions extends StoreChoice, OrganizationChoice {
  readonly every: number;
}

/** `tallykit worker`: background work apart from the servers, which then run with `background: 'off'`. */
export function addWorker(program: Command): void {
  const command = program
    .command('worker')
    .description('do the background work of servers that run with background off')
    .addOption(
      new Option('--every <seconds>', 'how often to look for new events').default(1).argParser(parseSeconds),
    );
  withOrganizationOptions(withStoreOptions(command)).action(work);
}

async function work(options: WorkerOptions): Promise<void> {
  const storage = await openStorage(options);
  const organization = chosenOrganization(options, await storage.organization(options.organization));
  const tallykit = createTallykit({ storage, organization, background: 'inline' });
  await tallykit.ready();
  console.log(`Tallykit works on ${describeStore(options)}`);

  let isStopping = false;
  const stopped = untilToldToStop().then(() => {
    isStopping = true;
  });
  while (!isStopping) {
    // One failure must not end the worker: the database may be away for a moment.
    await tallykit.tick().catch((error: unknown) => stderrLogger.error('Background work failed.', { error }));
    let timer: NodeJS.Timeout | undefined;
    const pause = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, options.every * 1000);
    });
    await Promise.race([pause, stopped]);
    clearTimeout(timer);
  }
  await tallykit.close();
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds >= 0.1 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError('Give seconds from 0.1 to 3600.');
}
