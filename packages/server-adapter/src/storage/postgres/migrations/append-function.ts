/** Columns of the input arrays: name and type, in the order of the function's parameters. */
export const appendColumns = [
  ['id', 'uuid'],
  ['hash', 'uuid'],
  ['trace_id', 'uuid'],
  ['occurred_at', 'float8'],
  ['received_at', 'float8'],
  ['clock_ahead', 'boolean'],
  ['final', 'boolean'],
  ['kind', 'text'],
  ['customer_id', 'text'],
  ['user_id', 'text'],
  ['product_id', 'text'],
  ['flow', 'text'],
  ['configuration', 'text'],
  ['conversation_id', 'text'],
  ['message_id', 'text'],
  ['environment', 'text'],
  ['provider', 'text'],
  ['model', 'text'],
  ['status', 'text'],
  ['key_id', 'text'],
  ['response_id', 'text'],
  ['prompt_tokens', 'bigint'],
  ['completion_tokens', 'bigint'],
  ['rest', 'json'],
  ['usage', 'json'],
  ['cost_kind', 'text'],
  ['cost_reason', 'text'],
  ['currency', 'text'],
  ['list_amount', 'numeric'],
  ['effective_amount', 'numeric'],
  ['charge_amount', 'numeric'],
  ['list_price_id', 'text'],
  ['effective_price_id', 'text'],
  ['lines', 'json'],
] as const;

const parameters = appendColumns.map(([name, type]) => `  p_${name} ${type}[]`).join(',\n');

const eventColumns = [
  'id',
  'hash',
  'trace_id',
  'clock_ahead',
  'final',
  'kind',
  'customer_id',
  'user_id',
  'product_id',
  'flow',
  'configuration',
  'conversation_id',
  'message_id',
  'environment',
  'provider',
  'model',
  'status',
  'key_id',
  'prompt_tokens',
  'completion_tokens',
  'rest',
] as const;

const costColumns = [
  'customer_id',
  'currency',
  'list_amount',
  'effective_amount',
  'charge_amount',
  'list_price_id',
  'effective_price_id',
  'lines',
] as const;

/** Arrays that the long way makes itself, one element a row of the batch, as `input` takes them. */
const found = ['sequence', 'known_hash', 'known_superseded_by', 'superseded_by'] as const;

/** `unnest` of the named arrays, with the place of each row as `place`. */
function input(...names: readonly string[]): string {
  const isFound = (name: string): boolean => (found as readonly string[]).includes(name);
  const arrays = names.map((name) => (isFound(name) ? `v_${name}` : `p_${name}`));
  return `unnest(${arrays.join(', ')}) with ordinality as input(${names.join(', ')}, place)`;
}

const list = (names: readonly string[], prefix = ''): string => names.map((name) => prefix + name).join(', ');

const eventInput = [...eventColumns, 'occurred_at', 'received_at', 'cost_kind'];
const costInput = ['id', 'received_at', 'cost_kind', 'cost_reason', ...costColumns];
const pendingInput = [
  'id',
  'cost_kind',
  'cost_reason',
  'occurred_at',
  'customer_id',
  'environment',
  'provider',
  'model',
  'prompt_tokens',
  'completion_tokens',
];
const isFirst = 'sequence is not null and superseded_by is null';

interface Write {
  readonly from: string;
  readonly where: string;
}

const writeEvents = ({
  from,
  where,
  sequence,
  supersededBy,
}: Write & { sequence: string; supersededBy: string }) => `
    insert into tallykit.event (organization_id, sequence, occurred_at, received_at, superseded_by, counted,
      ${list(eventColumns)})
    select p_organization, ${sequence}, tallykit.at_ms(occurred_at), tallykit.at_ms(received_at), ${supersededBy},
      cost_kind is not null and ${supersededBy} is null, ${list(eventColumns)}
    from ${from} where ${where};`;

const writeCosts = ({ from, where, sequence }: Write & { sequence: string }) => `
    insert into tallykit.cost_entry (organization_id, event_id, sequence, recorded_at, pending_delta, revision, kind,
      reason, ${list(costColumns)})
    select p_organization, id, ${sequence}, tallykit.at_ms(received_at), (cost_kind = 'pending')::int, false, cost_kind,
      cost_reason, ${list(costColumns)}
    from ${from} where cost_kind is not null and ${where};`;

const writePending = ({ from, where }: Write) => `
    insert into tallykit.pending_call (organization_id, event_id, reason, occurred_at, customer_id, environment,
      provider, model, tokens)
    select p_organization, id, coalesce(cost_reason, ''), tallykit.at_ms(occurred_at), customer_id, environment,
      provider, model, tallykit.token_total(prompt_tokens, completion_tokens)
    from ${from} where cost_kind = 'pending' and ${where};`;

// What the first release did with a second sighting.
const suppliesWaiting = `    -- A second sighting brings usage to a first one that waits for nothing but usage.
    with supplying as (
      select distinct on (input.superseded_by) input.*
      from ${input(...appendColumns.map(([name]) => name), 'sequence', 'superseded_by')}
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
        reason, ${list(costColumns)})
      select p_organization, first.id, supplying.sequence, tallykit.at_ms(supplying.received_at),
        case cost_kind when 'pending' then 0 else -1 end, true, cost_kind, cost_reason, first.customer_id,
        ${list(costColumns.slice(1), 'supplying.')}
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

`;

/** Usage that a second sighting brings to a first one that lacks it: one that waits for usage, or that was taken for refused. */
const suppliesMissing = `    with supplying as (
      select distinct on (input.superseded_by) input.*, pending.event_id is not null as was_pending
      from ${input(...appendColumns.map(([name]) => name), 'sequence', 'superseded_by')}
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
        reason, ${list(costColumns)})
      select p_organization, first.id, supplying.sequence, tallykit.at_ms(supplying.received_at),
        (cost_kind = 'pending')::int - was_pending::int, true, cost_kind, cost_reason, first.customer_id,
        ${list(costColumns.slice(1), 'supplying.')}
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

`;

const bodyOf = (supply: string): string => `tallykit.append_events(
  p_organization text,
  p_price_version bigint,
  p_recorded_at float8,
  p_customers text[],
${parameters}
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
    select p_organization, provider, response_id, id from ${input('id', 'provider', 'response_id', 'cost_kind')}
    where response_id is not null and cost_kind is not null;
${writeEvents({ from: input(...eventInput), sequence: 'v_base + place', supersededBy: 'null::uuid', where: 'true' })}
${writeCosts({ from: input(...costInput), sequence: 'v_base + place', where: 'true' })}
${writePending({ from: input(...pendingInput), where: 'true' })}
    insert into tallykit.customer (organization_id, id, name, stub)
    select p_organization, id, id, true from unnest(p_customers) as input(id)
    on conflict do nothing;
  exception when unique_violation then
    v_is_new := false;
  end;

  if not v_is_new then
    select array_agg(known.hash order by place), array_agg(known.superseded_by order by place)
    into v_known_hash, v_known_superseded_by
    from ${input('id')} left join tallykit.event known on known.organization_id = p_organization and known.id = input.id;

    select array_agg(case when known_hash is null then v_base + fresh end order by place), v_base + count(*) filter
      (where known_hash is null)
    into v_sequence, v_head
    from (
      select place, known_hash, row_number() over (partition by known_hash is null order by place) as fresh
      from ${input('known_hash')}
    ) numbered;

    with claims as (
      select place, id, coalesce(claim.event_id,
        first_value(id) over (partition by input.provider, input.response_id order by place)) as first_id
      from ${input('id', 'provider', 'response_id', 'cost_kind', 'sequence')}
      left join tallykit.call_claim claim on claim.organization_id = p_organization
        and claim.provider = input.provider and claim.response_id = input.response_id
      where sequence is not null and input.response_id is not null and cost_kind is not null
    )
    select array_agg(case when first_id <> claims.id then first_id end order by place) into v_superseded_by
    from ${input('id')} left join claims using (place);

    insert into tallykit.call_claim (organization_id, provider, response_id, event_id)
    select p_organization, provider, response_id, id
    from ${input('id', 'provider', 'response_id', 'cost_kind', 'sequence', 'superseded_by')}
    where sequence is not null and superseded_by is null and response_id is not null and cost_kind is not null;
${writeEvents({ from: input(...eventInput, 'sequence', 'superseded_by'), sequence: 'sequence', supersededBy: 'superseded_by', where: 'sequence is not null' })}
${writeCosts({ from: input(...costInput, 'sequence', 'superseded_by'), sequence: 'sequence', where: isFirst })}
${writePending({ from: input(...pendingInput, 'sequence', 'superseded_by'), where: isFirst })}
    insert into tallykit.customer (organization_id, id, name, stub)
    select distinct p_organization, customer_id, customer_id, true from ${input('customer_id', 'sequence')}
    where sequence is not null and customer_id is not null
    order by customer_id
    on conflict do nothing;

${supply}    update tallykit.log_head set sequence = v_head where organization_id = p_organization;
    select json_agg(json_build_object('place', place, 'hash', known_hash, 'supersededBy',
      coalesce(superseded_by, known_superseded_by))) into v_special
    from ${input('known_hash', 'known_superseded_by', 'superseded_by')}
    where known_hash is not null or superseded_by is not null;
  end if;

  if v_head > v_base then
    insert into tallykit.log_batch (organization_id, last_sequence, recorded_at)
    values (p_organization, v_head, tallykit.at_ms(p_recorded_at));
  end if;
  return query select 'appended'::text, v_head::float8, v_version::float8, v_special;
end
$append$;
`;

/**
 * Appends a batch under the organization's lock in one round trip. Nearly every batch is wholly new and takes the short way:
 * plain inserts, which fail as one when an id or a response is already there. Only then is each row looked up.
 */
export const appendFunction = `
create function tallykit.token_total(prompt bigint, completion bigint) returns bigint
  language sql immutable parallel safe
  as $$ select case when prompt is null then completion else prompt + coalesce(completion, 0) end $$;

create function ${bodyOf(suppliesWaiting)}`;

/** {@link appendFunction} with a wider eye for usage that a second sighting brings. */
export const appendFunctionWithSupplies = `
create or replace function ${bodyOf(suppliesMissing)}`;
