select bucket_number, nullif(answer."flow", '') as "flow", answer."conversations"::float8 as "conversations", answer."messages"::float8 as "messages" from (select "bucket_number", "flow", sum("conversations") as "conversations", sum("messages") as "messages" from (select width_bucket(bucket, $1::date[]) as "bucket_number", "flow" as "flow", coalesce(sum(0), 0) as "conversations", coalesce(sum(lone_messages), 0) as "messages" from (select * from tallykit.rollup_day_flow where organization_id = $2
    and bucket >= $3 and bucket < $4 and true) facts where "environment" <> $5 group by 1, 2 union all select "bucket_number", "flow", count(*), null from (select distinct width_bucket(bucket, $6::date[]) as "bucket_number", "flow" as "flow", "conversation_id" as counted_id from (select day as bucket, * from tallykit.presence where organization_id = $7
    and day >= $8 and day < $9
    and true) facts
    where "environment" <> $10 and "conversation_id" <> '') present_ids group by "bucket_number", "flow" union all select "bucket_number", "flow", null, count(*) from (select distinct width_bucket(bucket, $11::date[]) as "bucket_number", "flow" as "flow", "message_id" as counted_id from (select day as bucket, * from tallykit.presence where organization_id = $12
    and day >= $13 and day < $14
    and true) facts
    where "environment" <> $15 and "message_id" <> '') present_ids group by "bucket_number", "flow") parts group by "bucket_number", "flow") answer order by bucket_number asc, nullif(answer."flow", '') collate "C" asc nulls last limit $16
-- $1 = "{2026-11-20,2026-11-21}"
-- $2 = "acme"
-- $3 = "2026-11-20"
-- $4 = "2026-11-22"
-- $5 = "test"
-- $6 = "{2026-11-20,2026-11-21}"
-- $7 = "acme"
-- $8 = "2026-11-20"
-- $9 = "2026-11-22"
-- $10 = "test"
-- $11 = "{2026-11-20,2026-11-21}"
-- $12 = "acme"
-- $13 = "2026-11-20"
-- $14 = "2026-11-22"
-- $15 = "test"
-- $16 = 100
