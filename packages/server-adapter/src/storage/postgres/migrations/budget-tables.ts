/**
 * Budgets with what counts against them: log entries up to `sequence` whose time lies between `counted_from` and
 * `counted_to`. `budget_hold` has a row for each budget that a call in flight falls under.
 */
export const budgetTables = `
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
`;
