with facts as materialized (
  select coalesce(e.key_id, '') as key_id, e.sequence as place, e.occurred_at, coalesce(e.customer_id, '') as customer_id, coalesce(e.provider, '') as provider, coalesce(e.model, '') as model, coalesce(e.flow, '') as flow, coalesce(e.product_id, '') as product_id, coalesce(e.configuration, '') as configuration, coalesce(e.environment, '') as environment, coalesce(e.status, '') as status, coalesce(e.user_id, '') as user_id, coalesce(e.conversation_id, '') as conversation_id, coalesce(e.message_id, '') as message_id, coalesce(c.currency, '') as currency, coalesce(c.effective_price_id, c.list_price_id, '') as price_id,
    e.final::int as calls,
    e.final::int * (e.status = 'error')::int as errors,
    e.final::int * (e.status = 'aborted')::int as aborted_calls,
    e.final::int * (e.customer_id is null)::int as unattributed_calls,
    (c.kind = 'pending')::int as pending_calls,
    (c.kind = 'pending')::int * (tallykit.token_total(e.prompt_tokens, e.completion_tokens) is not null)::int as pending_reporting,
    (c.kind = 'pending')::int * coalesce(tallykit.token_total(e.prompt_tokens, e.completion_tokens), 0) as pending_tokens,
    (tallykit.token_total(e.prompt_tokens, e.completion_tokens) is not null and e.final and e.message_id is null)::int as lone_messages,
    e.prompt_tokens as prompt_tokens,
    e.completion_tokens as completion_tokens,
    case when e.conversation_id is not null then tallykit.token_total(e.prompt_tokens, e.completion_tokens) end as conversation_tokens,
    c.list_amount as list_amount,
    c.effective_amount as effective_amount,
    c.charge_amount as charge_amount,
    tallykit.token_total(e.prompt_tokens, e.completion_tokens) is not null as is_present
  from tallykit.event e
  join tallykit.cost_entry c on c.organization_id = e.organization_id and c.event_id = e.id and c.sequence = e.sequence
  where e.organization_id = $1 and e.sequence > $2 and e.sequence <= $3 and e.counted and true
  union all
  select coalesce(e.key_id, '') as key_id, c.sequence as place, e.occurred_at, coalesce(e.customer_id, '') as customer_id, coalesce(e.provider, '') as provider, coalesce(e.model, '') as model, coalesce(e.flow, '') as flow, coalesce(e.product_id, '') as product_id, coalesce(e.configuration, '') as configuration, coalesce(e.environment, '') as environment, coalesce(e.status, '') as status, coalesce(e.user_id, '') as user_id, coalesce(e.conversation_id, '') as conversation_id, coalesce(e.message_id, '') as message_id, coalesce(c.currency, '') as currency, coalesce(c.effective_price_id, c.list_price_id, '') as price_id,
    0 as calls,
    0 * (e.status = 'error')::int as errors,
    0 * (e.status = 'aborted')::int as aborted_calls,
    0 * (e.customer_id is null)::int as unattributed_calls,
    0 as pending_calls,
    0 * (null::bigint is not null)::int as pending_reporting,
    0 * coalesce(null::bigint, 0) as pending_tokens,
    (null::bigint is not null and e.final and e.message_id is null)::int as lone_messages,
    null::bigint as prompt_tokens,
    null::bigint as completion_tokens,
    case when e.conversation_id is not null then null::bigint end as conversation_tokens,
    c.list_amount as list_amount,
    c.effective_amount as effective_amount,
    c.charge_amount as charge_amount,
    null::bigint is not null as is_present
  from tallykit.cost_entry c
  join tallykit.event e on c.organization_id = e.organization_id and c.event_id = e.id
  where c.organization_id = $1 and c.sequence > $2 and c.sequence <= $3 and c.revision and c.kind <> 'pending' and true
  union all
  select coalesce(e.key_id, '') as key_id, c.sequence as place, e.occurred_at, coalesce(e.customer_id, '') as customer_id, coalesce(e.provider, '') as provider, coalesce(e.model, '') as model, coalesce(e.flow, '') as flow, coalesce(e.product_id, '') as product_id, coalesce(e.configuration, '') as configuration, coalesce(e.environment, '') as environment, coalesce(e.status, '') as status, coalesce(e.user_id, '') as user_id, coalesce(e.conversation_id, '') as conversation_id, coalesce(e.message_id, '') as message_id, coalesce(first.currency, '') as currency, coalesce(first.effective_price_id, first.list_price_id, '') as price_id,
    0 as calls,
    0 * (e.status = 'error')::int as errors,
    0 * (e.status = 'aborted')::int as aborted_calls,
    0 * (e.customer_id is null)::int as unattributed_calls,
    c.pending_delta as pending_calls,
    c.pending_delta * (case when s.event_id is null then tallykit.token_total(e.prompt_tokens, e.completion_tokens) else tallykit.token_total(s.prompt_tokens, s.completion_tokens) end is not null)::int as pending_reporting,
    c.pending_delta * coalesce(case when s.event_id is null then tallykit.token_total(e.prompt_tokens, e.completion_tokens) else tallykit.token_total(s.prompt_tokens, s.completion_tokens) end, 0) as pending_tokens,
    (null::bigint is not null and e.final and e.message_id is null)::int as lone_messages,
    null::bigint as prompt_tokens,
    null::bigint as completion_tokens,
    case when e.conversation_id is not null then null::bigint end as conversation_tokens,
    null::numeric as list_amount,
    null::numeric as effective_amount,
    null::numeric as charge_amount,
    null::bigint is not null as is_present
  from tallykit.cost_entry c
  join tallykit.event e on c.organization_id = e.organization_id and c.event_id = e.id
  join tallykit.cost_entry first on first.organization_id = e.organization_id and first.event_id = e.id and first.sequence = e.sequence
  left join tallykit.supplied_usage s on s.organization_id = e.organization_id and s.event_id = e.id and s.sequence < c.sequence
  where c.organization_id = $1 and c.sequence > $2 and c.sequence <= $3 and c.revision and c.pending_delta <> 0 and true
  union all
  select coalesce(e.key_id, '') as key_id, s.sequence as place, e.occurred_at, coalesce(e.customer_id, '') as customer_id, coalesce(e.provider, '') as provider, coalesce(e.model, '') as model, coalesce(e.flow, '') as flow, coalesce(e.product_id, '') as product_id, coalesce(e.configuration, '') as configuration, coalesce(e.environment, '') as environment, coalesce(e.status, '') as status, coalesce(e.user_id, '') as user_id, coalesce(e.conversation_id, '') as conversation_id, coalesce(e.message_id, '') as message_id, coalesce(first.currency, '') as currency, coalesce(first.effective_price_id, first.list_price_id, '') as price_id,
    0 as calls,
    0 * (e.status = 'error')::int as errors,
    0 * (e.status = 'aborted')::int as aborted_calls,
    0 * (e.customer_id is null)::int as unattributed_calls,
    0 as pending_calls,
    0 * (null::bigint is not null)::int as pending_reporting,
    0 * coalesce(null::bigint, 0) as pending_tokens,
    (tallykit.token_total(s.prompt_tokens, s.completion_tokens) is not null and e.final and e.message_id is null)::int as lone_messages,
    s.prompt_tokens as prompt_tokens,
    s.completion_tokens as completion_tokens,
    case when e.conversation_id is not null then tallykit.token_total(s.prompt_tokens, s.completion_tokens) end as conversation_tokens,
    null::numeric as list_amount,
    null::numeric as effective_amount,
    null::numeric as charge_amount,
    tallykit.token_total(s.prompt_tokens, s.completion_tokens) is not null as is_present
  from tallykit.supplied_usage s
  join tallykit.event e on s.organization_id = e.organization_id and s.event_id = e.id
  join tallykit.cost_entry first on first.organization_id = e.organization_id and first.event_id = e.id and first.sequence = e.sequence
  where s.organization_id = $1 and s.sequence > $2 and s.sequence <= $3 and true
  union all
  select coalesce(e.key_id, '') as key_id, s.sequence as place, e.occurred_at, coalesce(e.customer_id, '') as customer_id, coalesce(e.provider, '') as provider, coalesce(e.model, '') as model, coalesce(e.flow, '') as flow, coalesce(e.product_id, '') as product_id, coalesce(e.configuration, '') as configuration, coalesce(e.environment, '') as environment, coalesce(e.status, '') as status, coalesce(e.user_id, '') as user_id, coalesce(e.conversation_id, '') as conversation_id, coalesce(e.message_id, '') as message_id, coalesce(first.currency, '') as currency, coalesce(first.effective_price_id, first.list_price_id, '') as price_id,
    0 as calls,
    0 * (e.status = 'error')::int as errors,
    0 * (e.status = 'aborted')::int as aborted_calls,
    0 * (e.customer_id is null)::int as unattributed_calls,
    0 as pending_calls,
    1 * (tallykit.token_total(s.prompt_tokens, s.completion_tokens) is not null)::int as pending_reporting,
    1 * coalesce(tallykit.token_total(s.prompt_tokens, s.completion_tokens), 0) as pending_tokens,
    (null::bigint is not null and e.final and e.message_id is null)::int as lone_messages,
    null::bigint as prompt_tokens,
    null::bigint as completion_tokens,
    case when e.conversation_id is not null then null::bigint end as conversation_tokens,
    null::numeric as list_amount,
    null::numeric as effective_amount,
    null::numeric as charge_amount,
    null::bigint is not null as is_present
  from tallykit.supplied_usage s
  join tallykit.event e on s.organization_id = e.organization_id and s.event_id = e.id
  join tallykit.cost_entry first on first.organization_id = e.organization_id and first.event_id = e.id and first.sequence = e.sequence
  join tallykit.cost_entry c on c.organization_id = e.organization_id and c.event_id = e.id and c.sequence = s.sequence and c.kind = 'pending'
  where s.organization_id = $1 and s.sequence > $2 and s.sequence <= $3 and true
), budgets as materialized (select b.* from tallykit.budget b where b.organization_id = $1 and b.id = any($4::text[])), matched as (
  select b.id, b.currency as own_currency, b.amount_kind, f.* from budgets b join facts f on f.customer_id = b.customer_id where (b.product_id is null or f.product_id = b.product_id) and (b.flow is null or f.flow = b.flow)
    and (b.key_id is null or f.key_id = b.key_id) and f.place > b.sequence
    and f.occurred_at >= b.counted_from and (b.counted_to is null or f.occurred_at < b.counted_to)
  union all
  select b.id, b.currency as own_currency, b.amount_kind, f.* from budgets b join facts f on b.customer_id is null where (b.product_id is null or f.product_id = b.product_id) and (b.flow is null or f.flow = b.flow)
    and (b.key_id is null or f.key_id = b.key_id) and f.place > b.sequence
    and f.occurred_at >= b.counted_from and (b.counted_to is null or f.occurred_at < b.counted_to)
), sums as materialized (
  select id, sum(calls) as calls, sum(tallykit.token_total(prompt_tokens, completion_tokens)) as tokens,
    sum(case when currency = own_currency then case amount_kind when 'charge' then charge_amount else effective_amount end
      end) as amount,
    sum(pending_calls) as pending_calls, sum(pending_reporting) as pending_reporting,
    sum(pending_tokens) as pending_tokens,
    coalesce(array_agg(distinct currency) filter (where currency <> '' and currency <> own_currency), '{}') as others
  from matched group by id
)
update tallykit.budget b set sequence = $3, calls = b.calls + coalesce(s.calls, 0),
  tokens = coalesce(b.tokens + s.tokens, b.tokens, s.tokens),
  amount = coalesce(b.amount + s.amount, b.amount, s.amount),
  pending_calls = b.pending_calls + coalesce(s.pending_calls, 0),
  pending_reporting = b.pending_reporting + coalesce(s.pending_reporting, 0),
  pending_tokens = b.pending_tokens + coalesce(s.pending_tokens, 0),
  other_currencies = array(select distinct unnest(b.other_currencies || coalesce(s.others, '{}')))
from (select id from budgets) own left join sums s on s.id = own.id
where b.organization_id = $1 and b.id = own.id
