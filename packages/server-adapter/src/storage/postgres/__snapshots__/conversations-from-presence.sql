select bucket_number, nullif(answer."flow", '') as "flow", answer."conversations"::float8 as "conversations", answer."messages"::float8 as "messages" from (select summed."bucket_number", summed."flow", summed."conversations" + coalesce(present."conversations", 0) as "conversations", summed."messages" + coalesce(present."messages", 0) as "messages" from (select width_bucket(bucket, $1::date[]) as "bucket_number", "flow" as "flow", coalesce(sum(0), 0) as "conversations", coalesce(sum(lone_messages), 0) as "messages" from (select * from tallykit.rollup_day_flow where organization_id = $2
    and bucket >= $3 and bucket < $4 and true) facts where "environment" <> $5 group by 1, 2) summed
    left join (select width_bucket(bucket, $6::date[]) as "bucket_number", "flow" as "flow", count(distinct case when true then nullif(conversation_id, '') end) as "conversations", count(distinct case when true then nullif(message_id, '') end) as "messages" from (select day as bucket, * from tallykit.presence where organization_id = $7
    and day >= $8 and day < $9
    and true) facts where "environment" <> $10 group by 1, 2) present on present."bucket_number" = summed."bucket_number" and present."flow" = summed."flow") answer order by bucket_number asc, nullif(answer."flow", '') collate "C" asc nulls last limit $11
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
-- $11 = 100
