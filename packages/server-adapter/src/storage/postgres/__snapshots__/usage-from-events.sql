select bucket_number, nullif(answer."model", '') as "model", nullif(answer."currency", '') as "currency", answer."calls"::float8 as "calls", answer."total_tokens"::float8 as "total_tokens", answer."charge_amount"::text as "charge_amount" from (select width_bucket(bucket, $1::timestamptz[]) as "bucket_number", "model" as "model", "currency" as "currency", coalesce(sum(calls), 0) as "calls", tallykit.token_total(sum(prompt_tokens)::bigint, sum(completion_tokens)::bigint) as "total_tokens", sum(charge_amount) as "charge_amount" from (select occurred_at as bucket, customer_id, provider, model, flow, product_id, configuration, environment, status, user_id, conversation_id, message_id, currency, price_id, list_amount, effective_amount, charge_amount, prompt_tokens, completion_tokens, (is_call and final)::int as calls, (is_call and final and status = 'error')::int as errors, (is_call and final and status = 'aborted')::int as aborted_calls, (is_call and final and customer_id = '')::int as unattributed_calls, is_pending::int as pending_calls, (is_pending and tallykit.token_total(prompt_tokens, completion_tokens) is not null)::int as pending_reporting, case when is_pending then coalesce(tallykit.token_total(prompt_tokens, completion_tokens), 0) else 0 end as pending_tokens, (tallykit.token_total(prompt_tokens, completion_tokens) is not null and final and message_id = '')::int as lone_messages, case when conversation_id <> '' then tallykit.token_total(prompt_tokens, completion_tokens) end as conversation_tokens, tallykit.token_total(prompt_tokens, completion_tokens) is not null as is_present from (select e.occurred_at, coalesce(e.customer_id, '') as customer_id, coalesce(e.provider, '') as provider, coalesce(e.model, '') as model, coalesce(e.flow, '') as flow, coalesce(e.product_id, '') as product_id, coalesce(e.configuration, '') as configuration, coalesce(e.environment, '') as environment, coalesce(e.status, '') as status, coalesce(e.user_id, '') as user_id, coalesce(e.conversation_id, '') as conversation_id, coalesce(e.message_id, '') as message_id, coalesce(c.currency, '') as currency, coalesce(c.effective_price_id, c.list_price_id, '') as price_id,
        c.list_amount, c.effective_amount, c.charge_amount, case when s.event_id is null then e.prompt_tokens else s.prompt_tokens end as prompt_tokens, case when s.event_id is null then e.completion_tokens else s.completion_tokens end as completion_tokens, false as is_pending, e.final, true as is_call
    from tallykit.event e join tallykit.cost_entry c on c.organization_id = e.organization_id and c.event_id = e.id
        and c.sequence = e.sequence
    left join tallykit.supplied_usage s on s.organization_id = e.organization_id and s.event_id = e.id
    
    where e.organization_id = $2 and e.counted and "e"."id" >= $3 and "e"."id" < $4
    and e.occurred_at >= $5 and e.occurred_at < $6
    and true union all select e.occurred_at, coalesce(e.customer_id, '') as customer_id, coalesce(e.provider, '') as provider, coalesce(e.model, '') as model, coalesce(e.flow, '') as flow, coalesce(e.product_id, '') as product_id, coalesce(e.configuration, '') as configuration, coalesce(e.environment, '') as environment, coalesce(e.status, '') as status, coalesce(e.user_id, '') as user_id, coalesce(e.conversation_id, '') as conversation_id, coalesce(e.message_id, '') as message_id, coalesce(c.currency, ''),
      coalesce(c.effective_price_id, c.list_price_id, ''), c.list_amount, c.effective_amount, c.charge_amount,
      null, null, false, false, false
    from tallykit.cost_entry c
    join tallykit.event e on e.organization_id = c.organization_id and e.id = c.event_id
    where c.revision and c.kind <> 'pending' and c.organization_id = $7
      and "c"."event_id" >= $8 and "c"."event_id" < $9 and e.organization_id = $10 and e.counted and "e"."id" >= $11 and "e"."id" < $12
    and e.occurred_at >= $13 and e.occurred_at < $14
    and true) calls) facts where "environment" <> $15 group by 1, 2, 3) answer order by answer."charge_amount" desc nulls last, bucket_number asc, nullif(answer."model", '') collate "C" asc nulls last, nullif(answer."currency", '') collate "C" asc nulls last limit $16
-- $1 = "{2026-11-19T23:00:00.000Z,2026-11-20T23:00:00.000Z}"
-- $2 = "acme"
-- $3 = "01a1f609-cd80-7000-8000-000000000000"
-- $4 = "01a2057d-cbe0-7000-8000-000000000000"
-- $5 = "2026-11-19T23:00:00.000Z"
-- $6 = "2026-11-21T23:00:00.000Z"
-- $7 = "acme"
-- $8 = "01a1f609-cd80-7000-8000-000000000000"
-- $9 = "01a2057d-cbe0-7000-8000-000000000000"
-- $10 = "acme"
-- $11 = "01a1f609-cd80-7000-8000-000000000000"
-- $12 = "01a2057d-cbe0-7000-8000-000000000000"
-- $13 = "2026-11-19T23:00:00.000Z"
-- $14 = "2026-11-21T23:00:00.000Z"
-- $15 = "test"
-- $16 = 100
