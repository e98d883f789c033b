import { Option, type Command } from 'commander';
import type { OrganizationRecord } from '../storage/contract/storage.ts';

/** The organization that a command works for. */
export interface OrganizationChoice {
  readonly organization: string;
  readonly organizationName?: string | undefined;
  readonly timeZone?: string | undefined;
}

/** Adds the options that name an organization. */
export function withOrganizationOptions(command: Command): Command {
  return command
    .addOption(new Option('--organization <id>', 'id of the organization').default('default'))
    .addOption(new Option('--organization-name <name>', 'its name'))
    .addOption(new Option('--time-zone <zone>', 'IANA zone of its days and months'));
}

/** The record of the chosen organization; what is not said stays as the store knows it. */
export function chosenOrganization(
  choice: OrganizationChoice,
  stored: OrganizationRecord | null,
): OrganizationRecord {
  const { organization: id, organizationName, timeZone } = choice;
  return {
    id,
    name: organizationName ?? stored?.name ?? id,
    timeZone: timeZone ?? stored?.timeZone ?? 'UTC',
  };
}
