/**
 * The first tables. Raw events and cost entries are partitioned by id, that is by the time at which a call began, so that
 * old ones can be dropped whole. Columns that questions group by stand alone; everything else of an event is in `rest`.
 * Texts compare by code point, which is what indexes do fastest and what every answer is ordered by.
 */
export const tables = `
create table tallykit.organization (
  id text collate "C" primary key,
  name text collate "C" not null,
  time_zone text collate "C" not null
);

create table tallykit.log_head (
  organization_id text collate "C" primary key references tallykit.organization,
  sequence bigint not null default 0,
  price_version bigint not null default 1
);

create table tallykit.rollup_cursor (
  organization_id text collate "C" primary key references tallykit.organization,
  sequence bigint not null default 0
);

create table tallykit.log_batch (
  organization_id text collate "C" not null,
  last_sequence bigint not null,
  recorded_at timestamptz not null,
  primary key (organization_id, last_sequence)
);

create table tallykit.event (
  organization_id text collate "C" not null,
  id uuid not null,
  sequence bigint not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  hash uuid not null,
  trace_id uuid not null,
  superseded_by uuid,
  clock_ahead boolean not null,
  final boolean not null,
  counted boolean not null,
  kind text collate "C" not null,
  customer_id text collate "C",
  user_id text collate "C",
  product_id text collate "C",
  flow text collate "C",
  configuration text collate "C",
  conversation_id text collate "C",
  message_id text collate "C",
  environment text collate "C",
  provider text collate "C",
  model text collate "C",
  status text collate "C",
  key_id text collate "C",
  rest json not null,
  primary key (organization_id, id)
) partition by range (id);
create index event_by_sequence on tallykit.event (organization_id, sequence);
create index event_by_trace on tallykit.event (organization_id, trace_id);
create index event_by_customer on tallykit.event (organization_id, customer_id, id);

create table tallykit.cost_entry (
  organization_id text collate "C" not null,
  event_id uuid not null,
  sequence bigint not null,
  recorded_at timestamptz not null,
  pending_delta smallint not null,
  revision boolean not null,
  kind text collate "C" not null,
  reason text collate "C",
  customer_id text collate "C",
  currency text collate "C",
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  list_price_id text collate "C",
  effective_price_id text collate "C",
  lines json not null,
  primary key (organization_id, event_id, sequence)
) partition by range (event_id);
create index cost_entry_revision on tallykit.cost_entry (organization_id, sequence) where revision;
create index cost_entry_revised on tallykit.cost_entry (organization_id, event_id) where revision;

create table tallykit.call_claim (
  organization_id text collate "C" not null,
  provider text collate "C" not null,
  response_id text collate "C" not null,
  event_id uuid not null,
  primary key (organization_id, provider, response_id)
);

create table tallykit.supplied_usage (
  organization_id text collate "C" not null,
  event_id uuid not null,
  by_event_id uuid not null,
  sequence bigint not null,
  customer_id text collate "C",
  prompt_tokens bigint,
  completion_tokens bigint,
  usage json not null,
  primary key (organization_id, event_id)
);
create index supplied_usage_by_sequence on tallykit.supplied_usage (organization_id, sequence);

create table tallykit.pending_call (
  organization_id text collate "C" not null,
  event_id uuid not null,
  reason text collate "C" not null,
  occurred_at timestamptz not null,
  customer_id text collate "C",
  environment text collate "C",
  provider text collate "C",
  model text collate "C",
  tokens bigint,
  primary key (organization_id, event_id)
);

create table tallykit.customer (
  organization_id text collate "C" not null,
  id text collate "C" not null,
  name text collate "C" not null,
  parent_customer_id text collate "C",
  stub boolean not null,
  body text collate "C",
  primary key (organization_id, id)
);

create table tallykit.flow (
  organization_id text collate "C" not null,
  id text collate "C" not null,
  name text collate "C" not null,
  body text collate "C" not null,
  primary key (organization_id, id)
);

create table tallykit.invoice (
  organization_id text collate "C" not null,
  id text collate "C" not null,
  customer_id text collate "C" not null,
  status text collate "C" not null,
  currency text collate "C" not null,
  issue_date date not null,
  total_excl_tax bigint not null,
  total_incl_tax bigint not null,
  stored_at timestamptz not null,
  body text collate "C" not null,
  primary key (organization_id, id)
);
create index invoice_by_day on tallykit.invoice (organization_id, issue_date);

create table tallykit.provider_line (
  organization_id text collate "C" not null,
  provider text collate "C" not null,
  source_id text collate "C" not null,
  revision integer not null,
  is_current boolean not null,
  starts_at timestamptz not null,
  fetched_at timestamptz not null,
  stored_at timestamptz not null,
  customer_id text collate "C",
  currency text collate "C",
  amount numeric(38,12),
  tokens bigint,
  requests bigint,
  body text collate "C" not null,
  primary key (organization_id, provider, source_id, revision)
);
create index provider_line_by_day on tallykit.provider_line (organization_id, starts_at) where is_current;

create table tallykit.price (
  organization_id text collate "C" not null,
  id text collate "C" not null,
  known_from timestamptz not null,
  body json not null,
  primary key (organization_id, id)
);

create table tallykit.catalogue_release (
  release text collate "C" primary key,
  imported_at timestamptz not null
);

create table tallykit.api_key (
  organization_id text collate "C" not null,
  id text collate "C" not null,
  kind text collate "C" not null,
  name text collate "C" not null,
  prefix text collate "C" not null,
  customer_id text collate "C",
  hash text collate "C" not null unique,
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (organization_id, id)
);

create table tallykit.audit_record (
  organization_id text collate "C" not null,
  number bigint generated always as identity,
  at timestamptz not null,
  subject text collate "C" not null,
  role text collate "C",
  action text collate "C" not null,
  target text collate "C" not null,
  outcome text collate "C" not null,
  code text collate "C",
  primary key (organization_id, number)
);

create table tallykit.reported_loss (
  organization_id text collate "C" not null,
  number bigint generated always as identity,
  at timestamptz not null,
  key_id text collate "C",
  reason text collate "C" not null,
  count bigint not null,
  primary key (organization_id, number)
);

create table tallykit.erasure (
  organization_id text collate "C" not null,
  sequence bigint not null,
  customer_id text collate "C",
  pseudonym text collate "C" not null,
  requested_at timestamptz not null,
  done_at timestamptz,
  primary key (organization_id, sequence)
);

create function tallykit.at_ms(ms double precision) returns timestamptz
  language sql immutable parallel safe as $$ select to_timestamp(ms / 1000) $$;
create function tallykit.ms_of(at timestamptz) returns double precision
  language sql immutable parallel safe as $$ select round(extract(epoch from at) * 1000)::double precision $$;
`;
