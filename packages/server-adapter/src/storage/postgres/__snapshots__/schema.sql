begin;
set local lock_timeout = '3s';
create schema if not exists tallykit;
create table if not exists tallykit.schema_version (
  version integer primary key, name text not null, applied_at timestamptz not null default now()
);
-- 1: events, costs, ledger, keys

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

insert into tallykit.schema_version (version, name) values (1, 'events, costs, ledger, keys');
-- 2: rollups
create table tallykit.rollup_day_status (
  organization_id text collate "C" not null,
  bucket date not null,
  status text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, bucket, status, environment, currency)
) with (fillfactor = 80);

create table tallykit.rollup_day_product (
  organization_id text collate "C" not null,
  bucket date not null,
  product_id text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, bucket, product_id, environment, currency)
) with (fillfactor = 80);

create table tallykit.rollup_day_configuration (
  organization_id text collate "C" not null,
  bucket date not null,
  configuration text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, bucket, configuration, environment, currency)
) with (fillfactor = 80);

create table tallykit.rollup_day_flow (
  organization_id text collate "C" not null,
  bucket date not null,
  flow text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, bucket, flow, environment, currency)
) with (fillfactor = 80);

create table tallykit.rollup_day_model (
  organization_id text collate "C" not null,
  bucket date not null,
  provider text collate "C" not null,
  model text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, bucket, provider, model, environment, currency)
) with (fillfactor = 80);

create table tallykit.rollup_quarter_status (
  organization_id text collate "C" not null,
  bucket timestamptz not null,
  status text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, bucket, status, environment, currency)
) with (fillfactor = 80);

create table tallykit.rollup_quarter_product (
  organization_id text collate "C" not null,
  bucket timestamptz not null,
  product_id text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, bucket, product_id, environment, currency)
) with (fillfactor = 80);

create table tallykit.rollup_quarter_configuration (
  organization_id text collate "C" not null,
  bucket timestamptz not null,
  configuration text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, bucket, configuration, environment, currency)
) with (fillfactor = 80);

create table tallykit.rollup_quarter_flow (
  organization_id text collate "C" not null,
  bucket timestamptz not null,
  flow text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, bucket, flow, environment, currency)
) with (fillfactor = 80);

create table tallykit.rollup_quarter_model (
  organization_id text collate "C" not null,
  bucket timestamptz not null,
  provider text collate "C" not null,
  model text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, bucket, provider, model, environment, currency)
) with (fillfactor = 80);

create table tallykit.rollup_day_customer (
  organization_id text collate "C" not null,
  bucket date not null,
  customer_id text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, customer_id, bucket, environment, currency)
) with (fillfactor = 80);
create index rollup_day_customer_by_bucket on tallykit.rollup_day_customer using brin (bucket) with (pages_per_range = 16, autosummarize = on);

create table tallykit.rollup_day_customer_product (
  organization_id text collate "C" not null,
  bucket date not null,
  customer_id text collate "C" not null,
  product_id text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, customer_id, bucket, product_id, environment, currency)
) with (fillfactor = 80);
create index rollup_day_customer_product_by_bucket on tallykit.rollup_day_customer_product using brin (bucket) with (pages_per_range = 16, autosummarize = on);

create table tallykit.rollup_day_customer_configuration (
  organization_id text collate "C" not null,
  bucket date not null,
  customer_id text collate "C" not null,
  configuration text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, customer_id, bucket, configuration, environment, currency)
) with (fillfactor = 80);
create index rollup_day_customer_configuration_by_bucket on tallykit.rollup_day_customer_configuration using brin (bucket) with (pages_per_range = 16, autosummarize = on);

create table tallykit.rollup_day_customer_flow (
  organization_id text collate "C" not null,
  bucket date not null,
  customer_id text collate "C" not null,
  flow text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, customer_id, bucket, flow, environment, currency)
) with (fillfactor = 80);
create index rollup_day_customer_flow_by_bucket on tallykit.rollup_day_customer_flow using brin (bucket) with (pages_per_range = 16, autosummarize = on);

create table tallykit.rollup_day_customer_model (
  organization_id text collate "C" not null,
  bucket date not null,
  customer_id text collate "C" not null,
  provider text collate "C" not null,
  model text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, customer_id, bucket, provider, model, environment, currency)
) with (fillfactor = 80);
create index rollup_day_customer_model_by_bucket on tallykit.rollup_day_customer_model using brin (bucket) with (pages_per_range = 16, autosummarize = on);

create table tallykit.rollup_day_customer_price (
  organization_id text collate "C" not null,
  bucket date not null,
  customer_id text collate "C" not null,
  price_id text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, customer_id, bucket, price_id, environment, currency)
) with (fillfactor = 80);
create index rollup_day_customer_price_by_bucket on tallykit.rollup_day_customer_price using brin (bucket) with (pages_per_range = 16, autosummarize = on);

create table tallykit.rollup_day_customer_user (
  organization_id text collate "C" not null,
  bucket date not null,
  customer_id text collate "C" not null,
  user_id text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, customer_id, bucket, user_id, environment, currency)
) with (fillfactor = 80);
create index rollup_day_customer_user_by_bucket on tallykit.rollup_day_customer_user using brin (bucket) with (pages_per_range = 16, autosummarize = on);

create table tallykit.rollup_quarter_customer (
  organization_id text collate "C" not null,
  bucket timestamptz not null,
  customer_id text collate "C" not null,
  environment text collate "C" not null,
  currency text collate "C" not null,
  calls bigint not null,
  errors bigint not null,
  aborted_calls bigint not null,
  unattributed_calls bigint not null,
  pending_calls bigint not null,
  pending_reporting bigint not null,
  pending_tokens bigint not null,
  lone_messages bigint not null,
  prompt_tokens bigint,
  completion_tokens bigint,
  conversation_tokens bigint,
  list_amount numeric(38,12),
  effective_amount numeric(38,12),
  charge_amount numeric(38,12),
  primary key (organization_id, customer_id, bucket, environment, currency)
) with (fillfactor = 80);
create index rollup_quarter_customer_by_bucket on tallykit.rollup_quarter_customer using brin (bucket) with (pages_per_range = 16, autosummarize = on);

create table tallykit.presence (
  organization_id text collate "C" not null,
  day date not null,
  key uuid not null,
  customer_id text collate "C" not null,
  provider text collate "C" not null,
  model text collate "C" not null,
  flow text collate "C" not null,
  product_id text collate "C" not null,
  configuration text collate "C" not null,
  environment text collate "C" not null,
  conversation_id text collate "C" not null,
  message_id text collate "C" not null,
  primary key (organization_id, customer_id, day, key)
);
create index presence_by_day on tallykit.presence using brin (day) with (pages_per_range = 16, autosummarize = on);
insert into tallykit.schema_version (version, name) values (2, 'rollups');
-- 3: append

create function tallykit.token_total(prompt bigint, completion bigint) returns bigint
  language sql immutable parallel safe
  as $$ select case when prompt is null then completion else prompt + coalesce(completion, 0) end $$;

create function tallykit.append_events(
  p_organization text,
  p_price_version bigint,
  p_recorded_at float8,
  p_customers text[],
  p_id uuid[],
  p_hash uuid[],
  p_trace_id uuid[],
  p_occurred_at float8[],
  p_received_at float8[],
  p_clock_ahead boolean[],
  p_final boolean[],
  p_kind text[],
  p_customer_id text[],
  p_user_id text[],
  p_product_id text[],
  p_flow text[],
  p_configuration text[],
  p_conversation_id text[],
  p_message_id text[],
  p_environment text[],
  p_provider text[],
  p_model text[],
  p_status text[],
  p_key_id text[],
  p_response_id text[],
  p_prompt_tokens bigint[],
  p_completion_tokens bigint[],
  p_rest json[],
  p_usage json[],
  p_cost_kind text[],
  p_cost_reason text[],
  p_currency text[],
  p_list_amount numeric[],
  p_effective_amount numeric[],
  p_charge_amount numeric[],
  p_list_price_id text[],
  p_effective_price_id text[],
  p_lines json[]
) returns table (status text, head float8, price_version float8, special json)
language plpgsql
set search_path = pg_catalog, pg_temp
as $append$
#variable_conflict use_column
declare
  v_count integer := cardinality(p_id);
  v_base bigint;
  v_head bigint;
  v_version bigint;
  v_special json;
  v_known_hash uuid[];
  v_known_superseded_by uuid[];
  v_sequence bigint[];
  v_superseded_by uuid[];
  v_is_new boolean := true;
begin
  update tallykit.log_head set sequence = sequence + v_count
    where organization_id = p_organization and price_version = p_price_version
    returning sequence - v_count, price_version into v_base, v_version;
  if not found then
    select sequence, price_version into v_head, v_version from tallykit.log_head where organization_id = p_organization;
    if not found then
      return query select 'unknown_organization'::text, 0::float8, 0::float8, null::json;
    else
      return query select 'stale_prices'::text, v_head::float8, v_version::float8, null::json;
    end if;
    return;
  end if;
  v_head := v_base + v_count;

  begin
    insert into tallykit.call_claim (organization_id, provider, response_id, event_id)
    select p_organization, provider, response_id, id from unnest(p_id, p_provider, p_response_id, p_cost_kind) with ordinality as input(id, provider, response_id, cost_kind, place)
    where response_id is not null and cost_kind is not null;

    insert into tallykit.event (organization_id, sequence, occurred_at, received_at, superseded_by, counted,
      id, hash, trace_id, clock_ahead, final, kind, customer_id, user_id, product_id, flow, configuration, conversation_id, message_id, environment, provider, model, status, key_id, prompt_tokens, completion_tokens, rest)
    select p_organization, v_base + place, tallykit.at_ms(occurred_at), tallykit.at_ms(received_at), null::uuid,
      cost_kind is not null and null::uuid is null, id, hash, trace_id, clock_ahead, final, kind, customer_id, user_id, product_id, flow, configuration, conversation_id, message_id, environment, provider, model, status, key_id, prompt_tokens, completion_tokens, rest
    from unnest(p_id, p_hash, p_trace_id, p_clock_ahead, p_final, p_kind, p_customer_id, p_user_id, p_product_id, p_flow, p_configuration, p_conversation_id, p_message_id, p_environment, p_provider, p_model, p_status, p_key_id, p_prompt_tokens, p_completion_tokens, p_rest, p_occurred_at, p_received_at, p_cost_kind) with ordinality as input(id, hash, trace_id, clock_ahead, final, kind, customer_id, user_id, product_id, flow, configuration, conversation_id, message_id, environment, provider, model, status, key_id, prompt_tokens, completion_tokens, rest, occurred_at, received_at, cost_kind, place) where true;

    insert into tallykit.cost_entry (organization_id, event_id, sequence, recorded_at, pending_delta, revision, kind,
      reason, customer_id, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines)
    select p_organization, id, v_base + place, tallykit.at_ms(received_at), (cost_kind = 'pending')::int, false, cost_kind,
      cost_reason, customer_id, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines
    from unnest(p_id, p_received_at, p_cost_kind, p_cost_reason, p_customer_id, p_currency, p_list_amount, p_effective_amount, p_charge_amount, p_list_price_id, p_effective_price_id, p_lines) with ordinality as input(id, received_at, cost_kind, cost_reason, customer_id, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines, place) where cost_kind is not null and true;

    insert into tallykit.pending_call (organization_id, event_id, reason, occurred_at, customer_id, environment,
      provider, model, tokens)
    select p_organization, id, coalesce(cost_reason, ''), tallykit.at_ms(occurred_at), customer_id, environment,
      provider, model, tallykit.token_total(prompt_tokens, completion_tokens)
    from unnest(p_id, p_cost_kind, p_cost_reason, p_occurred_at, p_customer_id, p_environment, p_provider, p_model, p_prompt_tokens, p_completion_tokens) with ordinality as input(id, cost_kind, cost_reason, occurred_at, customer_id, environment, provider, model, prompt_tokens, completion_tokens, place) where cost_kind = 'pending' and true;
    insert into tallykit.customer (organization_id, id, name, stub)
    select p_organization, id, id, true from unnest(p_customers) as input(id)
    on conflict do nothing;
  exception when unique_violation then
    v_is_new := false;
  end;

  if not v_is_new then
    select array_agg(known.hash order by place), array_agg(known.superseded_by order by place)
    into v_known_hash, v_known_superseded_by
    from unnest(p_id) with ordinality as input(id, place) left join tallykit.event known on known.organization_id = p_organization and known.id = input.id;

    select array_agg(case when known_hash is null then v_base + fresh end order by place), v_base + count(*) filter
      (where known_hash is null)
    into v_sequence, v_head
    from (
      select place, known_hash, row_number() over (partition by known_hash is null order by place) as fresh
      from unnest(v_known_hash) with ordinality as input(known_hash, place)
    ) numbered;

    with claims as (
      select place, id, coalesce(claim.event_id,
        first_value(id) over (partition by input.provider, input.response_id order by place)) as first_id
      from unnest(p_id, p_provider, p_response_id, p_cost_kind, v_sequence) with ordinality as input(id, provider, response_id, cost_kind, sequence, place)
      left join tallykit.call_claim claim on claim.organization_id = p_organization
        and claim.provider = input.provider and claim.response_id = input.response_id
      where sequence is not null and input.response_id is not null and cost_kind is not null
    )
    select array_agg(case when first_id <> claims.id then first_id end order by place) into v_superseded_by
    from unnest(p_id) with ordinality as input(id, place) left join claims using (place);

    insert into tallykit.call_claim (organization_id, provider, response_id, event_id)
    select p_organization, provider, response_id, id
    from unnest(p_id, p_provider, p_response_id, p_cost_kind, v_sequence, v_superseded_by) with ordinality as input(id, provider, response_id, cost_kind, sequence, superseded_by, place)
    where sequence is not null and superseded_by is null and response_id is not null and cost_kind is not null;

    insert into tallykit.event (organization_id, sequence, occurred_at, received_at, superseded_by, counted,
      id, hash, trace_id, clock_ahead, final, kind, customer_id, user_id, product_id, flow, configuration, conversation_id, message_id, environment, provider, model, status, key_id, prompt_tokens, completion_tokens, rest)
    select p_organization, sequence, tallykit.at_ms(occurred_at), tallykit.at_ms(received_at), superseded_by,
      cost_kind is not null and superseded_by is null, id, hash, trace_id, clock_ahead, final, kind, customer_id, user_id, product_id, flow, configuration, conversation_id, message_id, environment, provider, model, status, key_id, prompt_tokens, completion_tokens, rest
    from unnest(p_id, p_hash, p_trace_id, p_clock_ahead, p_final, p_kind, p_customer_id, p_user_id, p_product_id, p_flow, p_configuration, p_conversation_id, p_message_id, p_environment, p_provider, p_model, p_status, p_key_id, p_prompt_tokens, p_completion_tokens, p_rest, p_occurred_at, p_received_at, p_cost_kind, v_sequence, v_superseded_by) with ordinality as input(id, hash, trace_id, clock_ahead, final, kind, customer_id, user_id, product_id, flow, configuration, conversation_id, message_id, environment, provider, model, status, key_id, prompt_tokens, completion_tokens, rest, occurred_at, received_at, cost_kind, sequence, superseded_by, place) where sequence is not null;

    insert into tallykit.cost_entry (organization_id, event_id, sequence, recorded_at, pending_delta, revision, kind,
      reason, customer_id, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines)
    select p_organization, id, sequence, tallykit.at_ms(received_at), (cost_kind = 'pending')::int, false, cost_kind,
      cost_reason, customer_id, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines
    from unnest(p_id, p_received_at, p_cost_kind, p_cost_reason, p_customer_id, p_currency, p_list_amount, p_effective_amount, p_charge_amount, p_list_price_id, p_effective_price_id, p_lines, v_sequence, v_superseded_by) with ordinality as input(id, received_at, cost_kind, cost_reason, customer_id, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines, sequence, superseded_by, place) where cost_kind is not null and sequence is not null and superseded_by is null;

    insert into tallykit.pending_call (organization_id, event_id, reason, occurred_at, customer_id, environment,
      provider, model, tokens)
    select p_organization, id, coalesce(cost_reason, ''), tallykit.at_ms(occurred_at), customer_id, environment,
      provider, model, tallykit.token_total(prompt_tokens, completion_tokens)
    from unnest(p_id, p_cost_kind, p_cost_reason, p_occurred_at, p_customer_id, p_environment, p_provider, p_model, p_prompt_tokens, p_completion_tokens, v_sequence, v_superseded_by) with ordinality as input(id, cost_kind, cost_reason, occurred_at, customer_id, environment, provider, model, prompt_tokens, completion_tokens, sequence, superseded_by, place) where cost_kind = 'pending' and sequence is not null and superseded_by is null;
    insert into tallykit.customer (organization_id, id, name, stub)
    select distinct p_organization, customer_id, customer_id, true from unnest(p_customer_id, v_sequence) with ordinality as input(customer_id, sequence, place)
    where sequence is not null and customer_id is not null
    order by customer_id
    on conflict do nothing;

    -- A second sighting brings usage to a first one that waits for nothing but usage.
    with supplying as (
      select distinct on (input.superseded_by) input.*
      from unnest(p_id, p_hash, p_trace_id, p_occurred_at, p_received_at, p_clock_ahead, p_final, p_kind, p_customer_id, p_user_id, p_product_id, p_flow, p_configuration, p_conversation_id, p_message_id, p_environment, p_provider, p_model, p_status, p_key_id, p_response_id, p_prompt_tokens, p_completion_tokens, p_rest, p_usage, p_cost_kind, p_cost_reason, p_currency, p_list_amount, p_effective_amount, p_charge_amount, p_list_price_id, p_effective_price_id, p_lines, v_sequence, v_superseded_by) with ordinality as input(id, hash, trace_id, occurred_at, received_at, clock_ahead, final, kind, customer_id, user_id, product_id, flow, configuration, conversation_id, message_id, environment, provider, model, status, key_id, response_id, prompt_tokens, completion_tokens, rest, usage, cost_kind, cost_reason, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines, sequence, superseded_by, place)
      join tallykit.pending_call pending on pending.organization_id = p_organization
        and pending.event_id = input.superseded_by and pending.reason = 'usage_absent'
      where sequence is not null and usage is not null
        and (cost_kind <> 'pending' or cost_reason is distinct from 'usage_absent')
      order by input.superseded_by, sequence
    ), supplied as (
      insert into tallykit.supplied_usage (organization_id, event_id, by_event_id, sequence, customer_id, prompt_tokens,
        completion_tokens, usage)
      select p_organization, first.id, supplying.id, supplying.sequence, first.customer_id, supplying.prompt_tokens,
        supplying.completion_tokens, supplying.usage
      from supplying
      join tallykit.event first on first.organization_id = p_organization and first.id = supplying.superseded_by
    ), entered as (
      insert into tallykit.cost_entry (organization_id, event_id, sequence, recorded_at, pending_delta, revision, kind,
        reason, customer_id, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines)
      select p_organization, first.id, supplying.sequence, tallykit.at_ms(supplying.received_at),
        case cost_kind when 'pending' then 0 else -1 end, true, cost_kind, cost_reason, first.customer_id,
        supplying.currency, supplying.list_amount, supplying.effective_amount, supplying.charge_amount, supplying.list_price_id, supplying.effective_price_id, supplying.lines
      from supplying
      join tallykit.event first on first.organization_id = p_organization and first.id = supplying.superseded_by
    ), settled as (
      delete from tallykit.pending_call pending using supplying
      where pending.organization_id = p_organization and pending.event_id = supplying.superseded_by
        and cost_kind <> 'pending'
    )
    update tallykit.pending_call pending set reason = coalesce(cost_reason, ''),
      tokens = tallykit.token_total(supplying.prompt_tokens, supplying.completion_tokens)
    from supplying
    where pending.organization_id = p_organization and pending.event_id = supplying.superseded_by
      and cost_kind = 'pending';

    update tallykit.log_head set sequence = v_head where organization_id = p_organization;
    select json_agg(json_build_object('place', place, 'hash', known_hash, 'supersededBy',
      coalesce(superseded_by, known_superseded_by))) into v_special
    from unnest(v_known_hash, v_known_superseded_by, v_superseded_by) with ordinality as input(known_hash, known_superseded_by, superseded_by, place)
    where known_hash is not null or superseded_by is not null;
  end if;

  if v_head > v_base then
    insert into tallykit.log_batch (organization_id, last_sequence, recorded_at)
    values (p_organization, v_head, tallykit.at_ms(p_recorded_at));
  end if;
  return query select 'appended'::text, v_head::float8, v_version::float8, v_special;
end
$append$;

insert into tallykit.schema_version (version, name) values (3, 'append');
-- 4: budgets

create table tallykit.budget (
  organization_id text collate "C" not null,
  id text collate "C" not null,
  name text collate "C",
  customer_id text collate "C",
  product_id text collate "C",
  flow text collate "C",
  key_id text collate "C",
  unit text collate "C" not null,
  limit_amount numeric(38,12),
  limit_tokens bigint,
  currency text collate "C",
  time_window text collate "C" not null,
  action text collate "C" not null,
  warn_at json not null,
  calls_per_minute integer,
  owner text collate "C" not null,
  amount_kind text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  sequence bigint not null default 0,
  counted_from timestamptz,
  counted_to timestamptz,
  calls bigint not null default 0,
  tokens bigint,
  amount numeric(38,12),
  pending_calls bigint not null default 0,
  pending_reporting bigint not null default 0,
  pending_tokens bigint not null default 0,
  other_currencies text[] collate "C" not null default '{}',
  primary key (organization_id, id)
) with (fillfactor = 70);
create index budget_by_customer on tallykit.budget (organization_id, customer_id);

create table tallykit.budget_crossing (
  organization_id text collate "C" not null,
  budget_id text collate "C" not null,
  counted_from timestamptz not null,
  level numeric(12,6) not null,
  at timestamptz not null,
  primary key (organization_id, budget_id, counted_from, level),
  foreign key (organization_id, budget_id) references tallykit.budget on delete cascade
);

create table tallykit.budget_hold (
  organization_id text collate "C" not null,
  reservation_id uuid not null,
  budget_id text collate "C" not null,
  customer_id text collate "C",
  event_id uuid not null,
  amount numeric(38,12) not null,
  tokens bigint not null,
  body text collate "C" not null,
  made_at timestamptz not null,
  lifts_at timestamptz not null,
  primary key (organization_id, reservation_id, budget_id),
  foreign key (organization_id, budget_id) references tallykit.budget on delete cascade
);
create index budget_hold_by_budget on tallykit.budget_hold (organization_id, budget_id);

insert into tallykit.schema_version (version, name) values (4, 'budgets');
-- 5: reads of single events

create index event_by_kind on tallykit.event (organization_id, kind, id) where kind <> 'llm_call';
create index event_by_conversation on tallykit.event (organization_id, conversation_id) where conversation_id is not null;

create table tallykit.cursor_secret (
  is_only boolean primary key default true check (is_only),
  secret bytea not null
);
insert into tallykit.cursor_secret (secret)
  select sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'));

create or replace function tallykit.append_events(
  p_organization text,
  p_price_version bigint,
  p_recorded_at float8,
  p_customers text[],
  p_id uuid[],
  p_hash uuid[],
  p_trace_id uuid[],
  p_occurred_at float8[],
  p_received_at float8[],
  p_clock_ahead boolean[],
  p_final boolean[],
  p_kind text[],
  p_customer_id text[],
  p_user_id text[],
  p_product_id text[],
  p_flow text[],
  p_configuration text[],
  p_conversation_id text[],
  p_message_id text[],
  p_environment text[],
  p_provider text[],
  p_model text[],
  p_status text[],
  p_key_id text[],
  p_response_id text[],
  p_prompt_tokens bigint[],
  p_completion_tokens bigint[],
  p_rest json[],
  p_usage json[],
  p_cost_kind text[],
  p_cost_reason text[],
  p_currency text[],
  p_list_amount numeric[],
  p_effective_amount numeric[],
  p_charge_amount numeric[],
  p_list_price_id text[],
  p_effective_price_id text[],
  p_lines json[]
) returns table (status text, head float8, price_version float8, special json)
language plpgsql
set search_path = pg_catalog, pg_temp
as $append$
#variable_conflict use_column
declare
  v_count integer := cardinality(p_id);
  v_base bigint;
  v_head bigint;
  v_version bigint;
  v_special json;
  v_known_hash uuid[];
  v_known_superseded_by uuid[];
  v_sequence bigint[];
  v_superseded_by uuid[];
  v_is_new boolean := true;
begin
  update tallykit.log_head set sequence = sequence + v_count
    where organization_id = p_organization and price_version = p_price_version
    returning sequence - v_count, price_version into v_base, v_version;
  if not found then
    select sequence, price_version into v_head, v_version from tallykit.log_head where organization_id = p_organization;
    if not found then
      return query select 'unknown_organization'::text, 0::float8, 0::float8, null::json;
    else
      return query select 'stale_prices'::text, v_head::float8, v_version::float8, null::json;
    end if;
    return;
  end if;
  v_head := v_base + v_count;

  begin
    insert into tallykit.call_claim (organization_id, provider, response_id, event_id)
    select p_organization, provider, response_id, id from unnest(p_id, p_provider, p_response_id, p_cost_kind) with ordinality as input(id, provider, response_id, cost_kind, place)
    where response_id is not null and cost_kind is not null;

    insert into tallykit.event (organization_id, sequence, occurred_at, received_at, superseded_by, counted,
      id, hash, trace_id, clock_ahead, final, kind, customer_id, user_id, product_id, flow, configuration, conversation_id, message_id, environment, provider, model, status, key_id, prompt_tokens, completion_tokens, rest)
    select p_organization, v_base + place, tallykit.at_ms(occurred_at), tallykit.at_ms(received_at), null::uuid,
      cost_kind is not null and null::uuid is null, id, hash, trace_id, clock_ahead, final, kind, customer_id, user_id, product_id, flow, configuration, conversation_id, message_id, environment, provider, model, status, key_id, prompt_tokens, completion_tokens, rest
    from unnest(p_id, p_hash, p_trace_id, p_clock_ahead, p_final, p_kind, p_customer_id, p_user_id, p_product_id, p_flow, p_configuration, p_conversation_id, p_message_id, p_environment, p_provider, p_model, p_status, p_key_id, p_prompt_tokens, p_completion_tokens, p_rest, p_occurred_at, p_received_at, p_cost_kind) with ordinality as input(id, hash, trace_id, clock_ahead, final, kind, customer_id, user_id, product_id, flow, configuration, conversation_id, message_id, environment, provider, model, status, key_id, prompt_tokens, completion_tokens, rest, occurred_at, received_at, cost_kind, place) where true;

    insert into tallykit.cost_entry (organization_id, event_id, sequence, recorded_at, pending_delta, revision, kind,
      reason, customer_id, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines)
    select p_organization, id, v_base + place, tallykit.at_ms(received_at), (cost_kind = 'pending')::int, false, cost_kind,
      cost_reason, customer_id, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines
    from unnest(p_id, p_received_at, p_cost_kind, p_cost_reason, p_customer_id, p_currency, p_list_amount, p_effective_amount, p_charge_amount, p_list_price_id, p_effective_price_id, p_lines) with ordinality as input(id, received_at, cost_kind, cost_reason, customer_id, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines, place) where cost_kind is not null and true;

    insert into tallykit.pending_call (organization_id, event_id, reason, occurred_at, customer_id, environment,
      provider, model, tokens)
    select p_organization, id, coalesce(cost_reason, ''), tallykit.at_ms(occurred_at), customer_id, environment,
      provider, model, tallykit.token_total(prompt_tokens, completion_tokens)
    from unnest(p_id, p_cost_kind, p_cost_reason, p_occurred_at, p_customer_id, p_environment, p_provider, p_model, p_prompt_tokens, p_completion_tokens) with ordinality as input(id, cost_kind, cost_reason, occurred_at, customer_id, environment, provider, model, prompt_tokens, completion_tokens, place) where cost_kind = 'pending' and true;
    insert into tallykit.customer (organization_id, id, name, stub)
    select p_organization, id, id, true from unnest(p_customers) as input(id)
    on conflict do nothing;
  exception when unique_violation then
    v_is_new := false;
  end;

  if not v_is_new then
    select array_agg(known.hash order by place), array_agg(known.superseded_by order by place)
    into v_known_hash, v_known_superseded_by
    from unnest(p_id) with ordinality as input(id, place) left join tallykit.event known on known.organization_id = p_organization and known.id = input.id;

    select array_agg(case when known_hash is null then v_base + fresh end order by place), v_base + count(*) filter
      (where known_hash is null)
    into v_sequence, v_head
    from (
      select place, known_hash, row_number() over (partition by known_hash is null order by place) as fresh
      from unnest(v_known_hash) with ordinality as input(known_hash, place)
    ) numbered;

    with claims as (
      select place, id, coalesce(claim.event_id,
        first_value(id) over (partition by input.provider, input.response_id order by place)) as first_id
      from unnest(p_id, p_provider, p_response_id, p_cost_kind, v_sequence) with ordinality as input(id, provider, response_id, cost_kind, sequence, place)
      left join tallykit.call_claim claim on claim.organization_id = p_organization
        and claim.provider = input.provider and claim.response_id = input.response_id
      where sequence is not null and input.response_id is not null and cost_kind is not null
    )
    select array_agg(case when first_id <> claims.id then first_id end order by place) into v_superseded_by
    from unnest(p_id) with ordinality as input(id, place) left join claims using (place);

    insert into tallykit.call_claim (organization_id, provider, response_id, event_id)
    select p_organization, provider, response_id, id
    from unnest(p_id, p_provider, p_response_id, p_cost_kind, v_sequence, v_superseded_by) with ordinality as input(id, provider, response_id, cost_kind, sequence, superseded_by, place)
    where sequence is not null and superseded_by is null and response_id is not null and cost_kind is not null;

    insert into tallykit.event (organization_id, sequence, occurred_at, received_at, superseded_by, counted,
      id, hash, trace_id, clock_ahead, final, kind, customer_id, user_id, product_id, flow, configuration, conversation_id, message_id, environment, provider, model, status, key_id, prompt_tokens, completion_tokens, rest)
    select p_organization, sequence, tallykit.at_ms(occurred_at), tallykit.at_ms(received_at), superseded_by,
      cost_kind is not null and superseded_by is null, id, hash, trace_id, clock_ahead, final, kind, customer_id, user_id, product_id, flow, configuration, conversation_id, message_id, environment, provider, model, status, key_id, prompt_tokens, completion_tokens, rest
    from unnest(p_id, p_hash, p_trace_id, p_clock_ahead, p_final, p_kind, p_customer_id, p_user_id, p_product_id, p_flow, p_configuration, p_conversation_id, p_message_id, p_environment, p_provider, p_model, p_status, p_key_id, p_prompt_tokens, p_completion_tokens, p_rest, p_occurred_at, p_received_at, p_cost_kind, v_sequence, v_superseded_by) with ordinality as input(id, hash, trace_id, clock_ahead, final, kind, customer_id, user_id, product_id, flow, configuration, conversation_id, message_id, environment, provider, model, status, key_id, prompt_tokens, completion_tokens, rest, occurred_at, received_at, cost_kind, sequence, superseded_by, place) where sequence is not null;

    insert into tallykit.cost_entry (organization_id, event_id, sequence, recorded_at, pending_delta, revision, kind,
      reason, customer_id, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines)
    select p_organization, id, sequence, tallykit.at_ms(received_at), (cost_kind = 'pending')::int, false, cost_kind,
      cost_reason, customer_id, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines
    from unnest(p_id, p_received_at, p_cost_kind, p_cost_reason, p_customer_id, p_currency, p_list_amount, p_effective_amount, p_charge_amount, p_list_price_id, p_effective_price_id, p_lines, v_sequence, v_superseded_by) with ordinality as input(id, received_at, cost_kind, cost_reason, customer_id, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines, sequence, superseded_by, place) where cost_kind is not null and sequence is not null and superseded_by is null;

    insert into tallykit.pending_call (organization_id, event_id, reason, occurred_at, customer_id, environment,
      provider, model, tokens)
    select p_organization, id, coalesce(cost_reason, ''), tallykit.at_ms(occurred_at), customer_id, environment,
      provider, model, tallykit.token_total(prompt_tokens, completion_tokens)
    from unnest(p_id, p_cost_kind, p_cost_reason, p_occurred_at, p_customer_id, p_environment, p_provider, p_model, p_prompt_tokens, p_completion_tokens, v_sequence, v_superseded_by) with ordinality as input(id, cost_kind, cost_reason, occurred_at, customer_id, environment, provider, model, prompt_tokens, completion_tokens, sequence, superseded_by, place) where cost_kind = 'pending' and sequence is not null and superseded_by is null;
    insert into tallykit.customer (organization_id, id, name, stub)
    select distinct p_organization, customer_id, customer_id, true from unnest(p_customer_id, v_sequence) with ordinality as input(customer_id, sequence, place)
    where sequence is not null and customer_id is not null
    order by customer_id
    on conflict do nothing;

    with supplying as (
      select distinct on (input.superseded_by) input.*, pending.event_id is not null as was_pending
      from unnest(p_id, p_hash, p_trace_id, p_occurred_at, p_received_at, p_clock_ahead, p_final, p_kind, p_customer_id, p_user_id, p_product_id, p_flow, p_configuration, p_conversation_id, p_message_id, p_environment, p_provider, p_model, p_status, p_key_id, p_response_id, p_prompt_tokens, p_completion_tokens, p_rest, p_usage, p_cost_kind, p_cost_reason, p_currency, p_list_amount, p_effective_amount, p_charge_amount, p_list_price_id, p_effective_price_id, p_lines, v_sequence, v_superseded_by) with ordinality as input(id, hash, trace_id, occurred_at, received_at, clock_ahead, final, kind, customer_id, user_id, product_id, flow, configuration, conversation_id, message_id, environment, provider, model, status, key_id, response_id, prompt_tokens, completion_tokens, rest, usage, cost_kind, cost_reason, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines, sequence, superseded_by, place)
      left join tallykit.pending_call pending on pending.organization_id = p_organization
        and pending.event_id = input.superseded_by
      where sequence is not null and input.superseded_by is not null and usage is not null
        and (cost_kind <> 'pending' or cost_reason is distinct from 'usage_absent')
        and case when pending.event_id is not null then pending.reason = 'usage_absent' else (
          select standing.reason = 'not_billed' from tallykit.cost_entry standing
          where standing.organization_id = p_organization and standing.event_id = input.superseded_by
          order by standing.sequence desc limit 1
        ) end
      order by input.superseded_by, sequence
    ), supplied as (
      insert into tallykit.supplied_usage (organization_id, event_id, by_event_id, sequence, customer_id, prompt_tokens,
        completion_tokens, usage)
      select p_organization, first.id, supplying.id, supplying.sequence, first.customer_id, supplying.prompt_tokens,
        supplying.completion_tokens, supplying.usage
      from supplying
      join tallykit.event first on first.organization_id = p_organization and first.id = supplying.superseded_by
    ), entered as (
      insert into tallykit.cost_entry (organization_id, event_id, sequence, recorded_at, pending_delta, revision, kind,
        reason, customer_id, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines)
      select p_organization, first.id, supplying.sequence, tallykit.at_ms(supplying.received_at),
        (cost_kind = 'pending')::int - was_pending::int, true, cost_kind, cost_reason, first.customer_id,
        supplying.currency, supplying.list_amount, supplying.effective_amount, supplying.charge_amount, supplying.list_price_id, supplying.effective_price_id, supplying.lines
      from supplying
      join tallykit.event first on first.organization_id = p_organization and first.id = supplying.superseded_by
    ), settled as (
      delete from tallykit.pending_call pending using supplying
      where pending.organization_id = p_organization and pending.event_id = supplying.superseded_by
        and cost_kind <> 'pending'
    )
    insert into tallykit.pending_call (organization_id, event_id, reason, occurred_at, customer_id, environment,
      provider, model, tokens)
    select p_organization, first.id, coalesce(cost_reason, ''), first.occurred_at, first.customer_id, first.environment,
      first.provider, first.model, tallykit.token_total(supplying.prompt_tokens, supplying.completion_tokens)
    from supplying
    join tallykit.event first on first.organization_id = p_organization and first.id = supplying.superseded_by
    where cost_kind = 'pending'
    on conflict (organization_id, event_id) do update set reason = excluded.reason, tokens = excluded.tokens;

    update tallykit.log_head set sequence = v_head where organization_id = p_organization;
    select json_agg(json_build_object('place', place, 'hash', known_hash, 'supersededBy',
      coalesce(superseded_by, known_superseded_by))) into v_special
    from unnest(v_known_hash, v_known_superseded_by, v_superseded_by) with ordinality as input(known_hash, known_superseded_by, superseded_by, place)
    where known_hash is not null or superseded_by is not null;
  end if;

  if v_head > v_base then
    insert into tallykit.log_batch (organization_id, last_sequence, recorded_at)
    values (p_organization, v_head, tallykit.at_ms(p_recorded_at));
  end if;
  return query select 'appended'::text, v_head::float8, v_version::float8, v_special;
end
$append$;

insert into tallykit.schema_version (version, name) values (5, 'reads of single events');

do $$
begin
  if not exists (select from pg_roles where rolname = 'tallykit_reader') then
    begin
      create role tallykit_reader nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
    exception when duplicate_object or unique_violation then null;
    end;
  end if;
  if not pg_has_role(current_user, 'tallykit_reader', 'member') then
    grant tallykit_reader to current_user;
  elsif current_setting('server_version_num')::int >= 160000 then
    -- Who creates a role may administer it, but may take it on only when told so.
    if not pg_has_role(current_user, 'tallykit_reader', 'set') then
      execute 'grant tallykit_reader to current_user with set true';
    end if;
  end if;
end
$$;


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

alter table tallykit.organization enable row level security;
alter table tallykit.organization force row level security;
drop policy if exists tallykit_owner on tallykit.organization;
create policy tallykit_owner on tallykit.organization to current_user using (true) with check (true);
alter table tallykit.call_claim enable row level security;
alter table tallykit.call_claim force row level security;
drop policy if exists tallykit_owner on tallykit.call_claim;
create policy tallykit_owner on tallykit.call_claim to current_user using (true) with check (true);
alter table tallykit.cursor_secret enable row level security;
alter table tallykit.cursor_secret force row level security;
drop policy if exists tallykit_owner on tallykit.cursor_secret;
create policy tallykit_owner on tallykit.cursor_secret to current_user using (true) with check (true);
alter table tallykit.catalogue_release enable row level security;
alter table tallykit.catalogue_release force row level security;
drop policy if exists tallykit_owner on tallykit.catalogue_release;
create policy tallykit_owner on tallykit.catalogue_release to current_user using (true) with check (true);
alter table tallykit.api_key enable row level security;
alter table tallykit.api_key force row level security;
drop policy if exists tallykit_owner on tallykit.api_key;
create policy tallykit_owner on tallykit.api_key to current_user using (true) with check (true);
alter table tallykit.audit_record enable row level security;
alter table tallykit.audit_record force row level security;
drop policy if exists tallykit_owner on tallykit.audit_record;
create policy tallykit_owner on tallykit.audit_record to current_user using (true) with check (true);
alter table tallykit.reported_loss enable row level security;
alter table tallykit.reported_loss force row level security;
drop policy if exists tallykit_owner on tallykit.reported_loss;
create policy tallykit_owner on tallykit.reported_loss to current_user using (true) with check (true);
alter table tallykit.erasure enable row level security;
alter table tallykit.erasure force row level security;
drop policy if exists tallykit_owner on tallykit.erasure;
create policy tallykit_owner on tallykit.erasure to current_user using (true) with check (true);
alter table tallykit.budget enable row level security;
alter table tallykit.budget force row level security;
drop policy if exists tallykit_owner on tallykit.budget;
create policy tallykit_owner on tallykit.budget to current_user using (true) with check (true);
alter table tallykit.budget_crossing enable row level security;
alter table tallykit.budget_crossing force row level security;
drop policy if exists tallykit_owner on tallykit.budget_crossing;
create policy tallykit_owner on tallykit.budget_crossing to current_user using (true) with check (true);
alter table tallykit.budget_hold enable row level security;
alter table tallykit.budget_hold force row level security;
drop policy if exists tallykit_owner on tallykit.budget_hold;
create policy tallykit_owner on tallykit.budget_hold to current_user using (true) with check (true);
alter table tallykit.log_head enable row level security;
alter table tallykit.log_head force row level security;
drop policy if exists tallykit_owner on tallykit.log_head;
create policy tallykit_owner on tallykit.log_head to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.log_head;
create policy tallykit_scope on tallykit.log_head for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and true);
grant select on tallykit.log_head to tallykit_reader;
alter table tallykit.rollup_cursor enable row level security;
alter table tallykit.rollup_cursor force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_cursor;
create policy tallykit_owner on tallykit.rollup_cursor to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_cursor;
create policy tallykit_scope on tallykit.rollup_cursor for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and true);
grant select on tallykit.rollup_cursor to tallykit_reader;
alter table tallykit.log_batch enable row level security;
alter table tallykit.log_batch force row level security;
drop policy if exists tallykit_owner on tallykit.log_batch;
create policy tallykit_owner on tallykit.log_batch to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.log_batch;
create policy tallykit_scope on tallykit.log_batch for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and true);
grant select on tallykit.log_batch to tallykit_reader;
alter table tallykit.flow enable row level security;
alter table tallykit.flow force row level security;
drop policy if exists tallykit_owner on tallykit.flow;
create policy tallykit_owner on tallykit.flow to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.flow;
create policy tallykit_scope on tallykit.flow for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and true);
grant select on tallykit.flow to tallykit_reader;
alter table tallykit.event enable row level security;
alter table tallykit.event force row level security;
drop policy if exists tallykit_owner on tallykit.event;
create policy tallykit_owner on tallykit.event to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.event;
create policy tallykit_scope on tallykit.event for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and ((select tallykit.scope_is_everyone()) or customer_id = any ((select tallykit.scope_customers())::text[])));
grant select on tallykit.event to tallykit_reader;
alter table tallykit.cost_entry enable row level security;
alter table tallykit.cost_entry force row level security;
drop policy if exists tallykit_owner on tallykit.cost_entry;
create policy tallykit_owner on tallykit.cost_entry to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.cost_entry;
create policy tallykit_scope on tallykit.cost_entry for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and ((select tallykit.scope_is_everyone()) or customer_id = any ((select tallykit.scope_customers())::text[])));
grant select on tallykit.cost_entry to tallykit_reader;
alter table tallykit.supplied_usage enable row level security;
alter table tallykit.supplied_usage force row level security;
drop policy if exists tallykit_owner on tallykit.supplied_usage;
create policy tallykit_owner on tallykit.supplied_usage to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.supplied_usage;
create policy tallykit_scope on tallykit.supplied_usage for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and ((select tallykit.scope_is_everyone()) or customer_id = any ((select tallykit.scope_customers())::text[])));
grant select on tallykit.supplied_usage to tallykit_reader;
alter table tallykit.pending_call enable row level security;
alter table tallykit.pending_call force row level security;
drop policy if exists tallykit_owner on tallykit.pending_call;
create policy tallykit_owner on tallykit.pending_call to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.pending_call;
create policy tallykit_scope on tallykit.pending_call for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and ((select tallykit.scope_is_everyone()) or customer_id = any ((select tallykit.scope_customers())::text[])));
grant select on tallykit.pending_call to tallykit_reader;
alter table tallykit.customer enable row level security;
alter table tallykit.customer force row level security;
drop policy if exists tallykit_owner on tallykit.customer;
create policy tallykit_owner on tallykit.customer to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.customer;
create policy tallykit_scope on tallykit.customer for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and ((select tallykit.scope_is_everyone()) or id = any ((select tallykit.scope_customers())::text[])));
grant select on tallykit.customer to tallykit_reader;
alter table tallykit.invoice enable row level security;
alter table tallykit.invoice force row level security;
drop policy if exists tallykit_owner on tallykit.invoice;
create policy tallykit_owner on tallykit.invoice to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.invoice;
create policy tallykit_scope on tallykit.invoice for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and ((select tallykit.scope_is_everyone()) or customer_id = any ((select tallykit.scope_customers())::text[])));
grant select on tallykit.invoice to tallykit_reader;
alter table tallykit.provider_line enable row level security;
alter table tallykit.provider_line force row level security;
drop policy if exists tallykit_owner on tallykit.provider_line;
create policy tallykit_owner on tallykit.provider_line to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.provider_line;
create policy tallykit_scope on tallykit.provider_line for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and (select tallykit.scope_is_everyone()));
grant select on tallykit.provider_line to tallykit_reader;
alter table tallykit.price enable row level security;
alter table tallykit.price force row level security;
drop policy if exists tallykit_owner on tallykit.price;
create policy tallykit_owner on tallykit.price to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.price;
create policy tallykit_scope on tallykit.price for select to tallykit_reader using (organization_id in ('', (select tallykit.scope_organization())) and (select tallykit.scope_is_everyone()));
grant select on tallykit.price to tallykit_reader;
alter table tallykit.presence enable row level security;
alter table tallykit.presence force row level security;
drop policy if exists tallykit_owner on tallykit.presence;
create policy tallykit_owner on tallykit.presence to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.presence;
create policy tallykit_scope on tallykit.presence for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and ((select tallykit.scope_is_everyone()) or customer_id = any ((select tallykit.scope_customers())::text[])));
grant select on tallykit.presence to tallykit_reader;
alter table tallykit.rollup_day_status enable row level security;
alter table tallykit.rollup_day_status force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_day_status;
create policy tallykit_owner on tallykit.rollup_day_status to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_day_status;
create policy tallykit_scope on tallykit.rollup_day_status for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and (select tallykit.scope_is_everyone()));
grant select on tallykit.rollup_day_status to tallykit_reader;
alter table tallykit.rollup_day_product enable row level security;
alter table tallykit.rollup_day_product force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_day_product;
create policy tallykit_owner on tallykit.rollup_day_product to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_day_product;
create policy tallykit_scope on tallykit.rollup_day_product for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and (select tallykit.scope_is_everyone()));
grant select on tallykit.rollup_day_product to tallykit_reader;
alter table tallykit.rollup_day_configuration enable row level security;
alter table tallykit.rollup_day_configuration force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_day_configuration;
create policy tallykit_owner on tallykit.rollup_day_configuration to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_day_configuration;
create policy tallykit_scope on tallykit.rollup_day_configuration for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and (select tallykit.scope_is_everyone()));
grant select on tallykit.rollup_day_configuration to tallykit_reader;
alter table tallykit.rollup_day_flow enable row level security;
alter table tallykit.rollup_day_flow force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_day_flow;
create policy tallykit_owner on tallykit.rollup_day_flow to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_day_flow;
create policy tallykit_scope on tallykit.rollup_day_flow for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and (select tallykit.scope_is_everyone()));
grant select on tallykit.rollup_day_flow to tallykit_reader;
alter table tallykit.rollup_day_model enable row level security;
alter table tallykit.rollup_day_model force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_day_model;
create policy tallykit_owner on tallykit.rollup_day_model to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_day_model;
create policy tallykit_scope on tallykit.rollup_day_model for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and (select tallykit.scope_is_everyone()));
grant select on tallykit.rollup_day_model to tallykit_reader;
alter table tallykit.rollup_quarter_status enable row level security;
alter table tallykit.rollup_quarter_status force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_quarter_status;
create policy tallykit_owner on tallykit.rollup_quarter_status to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_quarter_status;
create policy tallykit_scope on tallykit.rollup_quarter_status for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and (select tallykit.scope_is_everyone()));
grant select on tallykit.rollup_quarter_status to tallykit_reader;
alter table tallykit.rollup_quarter_product enable row level security;
alter table tallykit.rollup_quarter_product force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_quarter_product;
create policy tallykit_owner on tallykit.rollup_quarter_product to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_quarter_product;
create policy tallykit_scope on tallykit.rollup_quarter_product for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and (select tallykit.scope_is_everyone()));
grant select on tallykit.rollup_quarter_product to tallykit_reader;
alter table tallykit.rollup_quarter_configuration enable row level security;
alter table tallykit.rollup_quarter_configuration force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_quarter_configuration;
create policy tallykit_owner on tallykit.rollup_quarter_configuration to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_quarter_configuration;
create policy tallykit_scope on tallykit.rollup_quarter_configuration for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and (select tallykit.scope_is_everyone()));
grant select on tallykit.rollup_quarter_configuration to tallykit_reader;
alter table tallykit.rollup_quarter_flow enable row level security;
alter table tallykit.rollup_quarter_flow force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_quarter_flow;
create policy tallykit_owner on tallykit.rollup_quarter_flow to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_quarter_flow;
create policy tallykit_scope on tallykit.rollup_quarter_flow for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and (select tallykit.scope_is_everyone()));
grant select on tallykit.rollup_quarter_flow to tallykit_reader;
alter table tallykit.rollup_quarter_model enable row level security;
alter table tallykit.rollup_quarter_model force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_quarter_model;
create policy tallykit_owner on tallykit.rollup_quarter_model to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_quarter_model;
create policy tallykit_scope on tallykit.rollup_quarter_model for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and (select tallykit.scope_is_everyone()));
grant select on tallykit.rollup_quarter_model to tallykit_reader;
alter table tallykit.rollup_day_customer enable row level security;
alter table tallykit.rollup_day_customer force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_day_customer;
create policy tallykit_owner on tallykit.rollup_day_customer to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_day_customer;
create policy tallykit_scope on tallykit.rollup_day_customer for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and ((select tallykit.scope_is_everyone()) or customer_id = any ((select tallykit.scope_customers())::text[])));
grant select on tallykit.rollup_day_customer to tallykit_reader;
alter table tallykit.rollup_day_customer_product enable row level security;
alter table tallykit.rollup_day_customer_product force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_day_customer_product;
create policy tallykit_owner on tallykit.rollup_day_customer_product to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_day_customer_product;
create policy tallykit_scope on tallykit.rollup_day_customer_product for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and ((select tallykit.scope_is_everyone()) or customer_id = any ((select tallykit.scope_customers())::text[])));
grant select on tallykit.rollup_day_customer_product to tallykit_reader;
alter table tallykit.rollup_day_customer_configuration enable row level security;
alter table tallykit.rollup_day_customer_configuration force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_day_customer_configuration;
create policy tallykit_owner on tallykit.rollup_day_customer_configuration to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_day_customer_configuration;
create policy tallykit_scope on tallykit.rollup_day_customer_configuration for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and ((select tallykit.scope_is_everyone()) or customer_id = any ((select tallykit.scope_customers())::text[])));
grant select on tallykit.rollup_day_customer_configuration to tallykit_reader;
alter table tallykit.rollup_day_customer_flow enable row level security;
alter table tallykit.rollup_day_customer_flow force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_day_customer_flow;
create policy tallykit_owner on tallykit.rollup_day_customer_flow to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_day_customer_flow;
create policy tallykit_scope on tallykit.rollup_day_customer_flow for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and ((select tallykit.scope_is_everyone()) or customer_id = any ((select tallykit.scope_customers())::text[])));
grant select on tallykit.rollup_day_customer_flow to tallykit_reader;
alter table tallykit.rollup_day_customer_model enable row level security;
alter table tallykit.rollup_day_customer_model force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_day_customer_model;
create policy tallykit_owner on tallykit.rollup_day_customer_model to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_day_customer_model;
create policy tallykit_scope on tallykit.rollup_day_customer_model for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and ((select tallykit.scope_is_everyone()) or customer_id = any ((select tallykit.scope_customers())::text[])));
grant select on tallykit.rollup_day_customer_model to tallykit_reader;
alter table tallykit.rollup_day_customer_price enable row level security;
alter table tallykit.rollup_day_customer_price force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_day_customer_price;
create policy tallykit_owner on tallykit.rollup_day_customer_price to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_day_customer_price;
create policy tallykit_scope on tallykit.rollup_day_customer_price for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and ((select tallykit.scope_is_everyone()) or customer_id = any ((select tallykit.scope_customers())::text[])));
grant select on tallykit.rollup_day_customer_price to tallykit_reader;
alter table tallykit.rollup_day_customer_user enable row level security;
alter table tallykit.rollup_day_customer_user force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_day_customer_user;
create policy tallykit_owner on tallykit.rollup_day_customer_user to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_day_customer_user;
create policy tallykit_scope on tallykit.rollup_day_customer_user for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and ((select tallykit.scope_is_everyone()) or customer_id = any ((select tallykit.scope_customers())::text[])));
grant select on tallykit.rollup_day_customer_user to tallykit_reader;
alter table tallykit.rollup_quarter_customer enable row level security;
alter table tallykit.rollup_quarter_customer force row level security;
drop policy if exists tallykit_owner on tallykit.rollup_quarter_customer;
create policy tallykit_owner on tallykit.rollup_quarter_customer to current_user using (true) with check (true);
drop policy if exists tallykit_scope on tallykit.rollup_quarter_customer;
create policy tallykit_scope on tallykit.rollup_quarter_customer for select to tallykit_reader using (organization_id = (select tallykit.scope_organization()) and ((select tallykit.scope_is_everyone()) or customer_id = any ((select tallykit.scope_customers())::text[])));
grant select on tallykit.rollup_quarter_customer to tallykit_reader;
grant usage on schema tallykit to tallykit_reader;

commit;
