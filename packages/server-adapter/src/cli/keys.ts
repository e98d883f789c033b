import { Option, type Command } from 'commander';
import type { ApiKey, ApiKeyKind } from '@tallykit/protocol';
import { createTallykit, type Tallykit } from '../create-tallykit.ts';
import {
  chosenOrganization,
  withOrganizationOptions,
  type OrganizationChoice,
} from './organization-options.ts';
import { openStorage, withStoreOptions, type StoreChoice } from './store-options.ts';

interface KeyOptions extends StoreChoice, OrganizationChoice {}

interface CreateOptions extends KeyOptions {
  readonly kind: ApiKeyKind;
  readonly name: string;
  readonly customer?: string | undefined;
}

/** `tallykit keys create | list | revoke`, while no server holds an embedded store. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('make, list and revoke API keys');
  const create = keys
    .command('create')
    .description('make a key and print its secret, once')
    .addOption(new Option('--kind <kind>', 'what it may do').choices(['ingest', 'server']).default('ingest'))
    .requiredOption('--name <name>', 'what it is for')
    .option('--customer <id>', 'bind an ingest key to one customer');
  withOrganizationOptions(withStoreOptions(create)).action(async (options: CreateOptions) => {
    const { kind, name, customer } = options;
    const { key, secret } = await withTallykit(options, (tallykit) =>
      tallykit.keys.create({ kind, name, ...(customer === undefined ? {} : { customerId: customer }) }),
    );
    console.log(`Made ${describeKey(key)}`);
    console.log(`Secret, shown this once: ${secret}`);
  });

  withOrganizationOptions(withStoreOptions(keys.command('list').description('list keys'))).action(
    async (options: KeyOptions) => {
      const all = await withTallykit(options, (tallykit) => tallykit.keys.list());
      console.log(all.length === 0 ? 'There are no keys.' : all.map(describeKey).join('\n'));
    },
  );

  const revoke = keys
    .command('revoke')
    .description('end a key')
    .argument('<id>', 'its id, as `keys list` shows it');
  withOrganizationOptions(withStoreOptions(revoke)).action(async (id: string, options: KeyOptions) => {
    await withTallykit(options, (tallykit) => tallykit.keys.revoke(id));
    console.log(`Revoked ${id}`);
  });
}

async function withTallykit<Result>(
  options: KeyOptions,
  act: (tallykit: Tallykit) => Promise<Result>,
): Promise<Result> {
  const storage = await openStorage(options);
  const isEmpty = (await storage.health()).schemaVersion === 0;
  const organization = chosenOrganization(
    options,
    isEmpty ? null : await storage.organization(options.organization),
  );
  const migrate = isEmpty ? 'auto' : undefined;
  const tallykit = createTallykit({ storage, organization, background: 'off', migrate });
  try {
    return await act(tallykit);
  } finally {
    await tallykit.close();
  }
}

function describeKey({ id, kind, name, prefix, customerId, createdAt, revokedAt }: ApiKey): string {
  const bound = customerId === null ? '' : ` for customer ${customerId}`;
  const state = revokedAt === null ? 'active' : `revoked ${revokedAt}`;
  return `${id}  ${kind.padEnd(6)}  ${prefix}...  "${name}"${bound}  made ${createdAt}  ${state}`;
}
