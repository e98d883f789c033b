import { rollupNodes, type RollupNode } from '../../contract/lattice.ts';
import { nodeTable } from '../rollup-columns.ts';

/** The role that reads for people: it cannot log in, owns nothing and cannot bypass row-level security. */
export const readerRole = 'tallykit_reader';

const nodes: readonly RollupNode[] = rollupNodes;
const everyone = '(select tallykit.scope_is_everyone())';
const ownCustomers = (column: string): string =>
  `(${everyone} or ${column} = any ((select tallykit.scope_customers())::text[]))`;

/** Each table that people's questions read, with what a row must meet beside its organization. */
const readable: readonly { readonly table: string; readonly condition: string }[] = [
  { table: 'tallykit.log_head', condition: 'true' },
  { table: 'tallykit.rollup_cursor', condition: 'true' },
  { table: 'tallykit.log_batch', condition: 'true' },
  { table: 'tallykit.flow', condition: 'true' },
  { table: 'tallykit.event', condition: ownCustomers('customer_id') },
  { table: 'tallykit.cost_entry', condition: ownCustomers('customer_id') },
  { table: 'tallykit.supplied_usage', condition: ownCustomers('customer_id') },
  { table: 'tallykit.pending_call', condition: ownCustomers('customer_id') },
  { table: 'tallykit.customer', condition: ownCustomers('id') },
  { table: 'tallykit.invoice', condition: ownCustomers('customer_id') },
  { table: 'tallykit.provider_line', condition: everyone },
  { table: 'tallykit.price', condition: everyone },
  { table: 'tallykit.presence', condition: ownCustomers('customer_id') },
  ...nodes.map((node) => ({
    table: nodeTable(node),
    condition: node.keys.includes('customer') ? ownCustomers('customer_id') : everyone,
  })),
];

/** Tables that only the owner may touch. */
const closed = [
  'tallykit.organization',
  'tallykit.call_claim',
  'tallykit.cursor_secret',
  'tallykit.catalogue_release',
  'tallykit.api_key',
  'tallykit.audit_record',
  'tallykit.reported_loss',
  'tallykit.erasure',
  'tallykit.budget',
  'tallykit.budget_crossing',
  'tallykit.budget_hold',
];

const fence = (table: string): string[] => [
  `alter table ${table} enable row level security;`,
  `alter table ${table} force row level security;`,
  `drop policy if exists tallykit_owner on ${table};`,
  `create policy tallykit_owner on ${table} to current_user using (true) with check (true);`,
];

const shared = (table: string): string =>
  table === 'tallykit.price'
    ? "organization_id in ('', (select tallykit.scope_organization()))"
    : ownOrganization;
const ownOrganization = 'organization_id = (select tallykit.scope_organization())';

/**
 * The scope travels as a setting of the transaction, signed with a secret that the reader cannot see. A statement that
 * gets hold of the reader's connection can therefore forge no other scope: a setting that is missing, empty or wrongly
 * signed reads as no organization at all.
 */
const scopeFunctions = `
create table if not exists tallykit.reader_secret (
  is_only boolean primary key default true check (is_only),
  secret bytea not null
);
insert into tallykit.reader_secret (secret)
  select sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
  on conflict do nothing;

create or replace function tallykit.verified_scope() returns json
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_setting text := nullif(current_setting('tallykit.scope', true), '');
  v_scope text := substr(v_setting, 66);
  v_signature text;
begin
  select encode(sha256(secret || convert_to(v_scope, 'UTF8') || secret), 'hex') into v_signature
    from tallykit.reader_secret;
  if v_setting is null or v_signature is null or left(v_setting, 65) <> v_signature || ':' then
    return null;
  end if;
  return convert_from(decode(v_scope, 'base64'), 'UTF8')::json;
end
$$;
create or replace function tallykit.scope_organization() returns text
  language sql stable as $$ select tallykit.verified_scope() ->> 'organization' $$;
create or replace function tallykit.scope_is_everyone() returns boolean
  language sql stable as $$ select coalesce(tallykit.verified_scope() ->> 'customers' = 'all', false) $$;
create or replace function tallykit.scope_customers() returns text[]
  language sql stable as $$
    select case json_typeof(scope -> 'customers')
      when 'array' then array(select json_array_elements_text(scope -> 'customers')) else '{}'::text[] end
    from (select tallykit.verified_scope() as scope) verified
  $$;
revoke all on tallykit.reader_secret from public;
revoke all on function tallykit.append_events from public;
`;

/** Creates the reader's role where it is missing, and lets the owner take it on. Needs the right to create roles once. */
export const readerRoleSql = `
do $$
begin
  if not exists (select from pg_roles where rolname = '${readerRole}') then
    begin
      create role ${readerRole} nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
    exception when duplicate_object or unique_violation then null;
    end;
  end if;
  if not pg_has_role(current_user, '${readerRole}', 'member') then
    grant ${readerRole} to current_user;
  elsif current_setting('server_version_num')::int >= 160000 then
    -- Who creates a role may administer it, but may take it on only when told so.
    if not pg_has_role(current_user, '${readerRole}', 'set') then
      execute 'grant ${readerRole} to current_user with set true';
    end if;
  end if;
end
$$;
`;

/** Fences every table by row-level security. Runs after each migration and may run again at any time. */
export const readerFenceSql = [
  scopeFunctions,
  ...closed.flatMap(fence),
  ...readable.flatMap(({ table, condition }) => [
    ...fence(table),
    `drop policy if exists tallykit_scope on ${table};`,
    `create policy tallykit_scope on ${table} for select to ${readerRole} using (${shared(table)} and ${condition});`,
    `grant select on ${table} to ${readerRole};`,
  ]),
  `grant usage on schema tallykit to ${readerRole};`,
  '',
].join('\n');
