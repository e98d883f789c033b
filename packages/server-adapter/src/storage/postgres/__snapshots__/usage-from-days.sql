select bucket_number, nullif(answer."model", '') as "model", nullif(answer."currency", '') as "currency", answer."calls"::float8 as "calls", answer."total_tokens"::float8 as "total_tokens", answer."charge_amount"::text as "charge_amount" from (select width_bucket(bucket, $1::date[]) as "bucket_number", "model" as "model", "currency" as "currency", coalesce(sum(calls), 0) as "calls", tallykit.token_total(sum(prompt_tokens)::bigint, sum(completion_tokens)::bigint) as "total_tokens", sum(charge_amount) as "charge_amount" from (select * from tallykit.rollup_day_customer_model where organization_id = $2
    and bucket >= $3 and bucket < $4 and "customer_id" = any ($5::text[])) facts where "environment" <> $6 group by 1, 2, 3) answer order by answer."charge_amount" desc nulls last, bucket_number asc, nullif(answer."model", '') collate "C" asc nulls last, nullif(answer."currency", '') collate "C" asc nulls last limit $7
-- $1 = "{2026-11-20,2026-11-21}"
-- $2 = "acme"
-- $3 = "2026-11-20"
-- $4 = "2026-11-22"
-- $5 = "{c1,c2}"
-- $6 = "test"
-- $7 = 100
