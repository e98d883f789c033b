select "bucket_number", nullif("flow", '') as "flow", coalesce(sum("runs"), 0)::float8 as "runs", coalesce(sum("talks"), 0)::float8 as "talks", sum("p95")::float8 as "p95", sum(part)::float8 as part from (select width_bucket("began", $1::timestamptz[]) as "bucket_number", "flow" as "flow", count(*)::numeric as "runs", null::numeric as "talks", percentile_disc(0.95) within group (order by "duration") as "p95", 0 as part from (select * from (
      select told.*, min(occurred_at) over (partition by "customer", "flow", "run") as began,
        row_number() over (partition by "customer", "flow", "run" order by (status = 'running'), occurred_at desc, event_id desc) as place
      from (select e.id as event_id, e.occurred_at, coalesce(e.flow, '') collate "C" as "flow", coalesce(e.rest ->> 'trigger', '') collate "C" as "trigger", coalesce(coalesce(e.status, e.rest ->> 'status'), '') collate "C" as "status", coalesce(e.conversation_id, '') collate "C" as "conversation", coalesce(e.customer_id, '') collate "C" as "customer", coalesce(e.rest ->> 'runId', '') collate "C" as "run", (e.rest ->> 'durationMs')::numeric as "duration" from tallykit.event e
    where e.organization_id = $2 and e.kind = $3 and "e"."id" >= $4 and "e"."id" < $5
      and e.occurred_at >= $6 and e.occurred_at < $7
      and "e"."customer_id" = any ($8::text[])) told
    ) facts where place = 1 and began >= $9 and began < $10 and "trigger" <> $11) facts group by 1, 2 union all select "bucket_number", "flow", null::numeric, count(*)::numeric, null::numeric, 0 as part from (select width_bucket("began", $12::timestamptz[]) as "bucket_number", "flow" as "flow", "conversation" as reached_key
      from (select * from (
      select told.*, min(occurred_at) over (partition by "customer", "flow", "run") as began,
        row_number() over (partition by "customer", "flow", "run" order by (status = 'running'), occurred_at desc, event_id desc) as place
      from (select e.id as event_id, e.occurred_at, coalesce(e.flow, '') collate "C" as "flow", coalesce(e.rest ->> 'trigger', '') collate "C" as "trigger", coalesce(coalesce(e.status, e.rest ->> 'status'), '') collate "C" as "status", coalesce(e.conversation_id, '') collate "C" as "conversation", coalesce(e.customer_id, '') collate "C" as "customer", coalesce(e.rest ->> 'runId', '') collate "C" as "run", (e.rest ->> 'durationMs')::numeric as "duration" from tallykit.event e
    where e.organization_id = $13 and e.kind = $14 and "e"."id" >= $15 and "e"."id" < $16
      and e.occurred_at >= $17 and e.occurred_at < $18
      and "e"."customer_id" = any ($19::text[])) told
    ) facts where place = 1 and began >= $20 and began < $21 and "trigger" <> $22) facts where "conversation" <> ''
      group by 1, 2, 3 having count(*) filter (where "status" = any ($23::text[])) >= $24) facts group by 1, 2) parts
      group by parts."bucket_number", parts."flow" order by parts.bucket_number, nullif(parts."flow", '') collate "C" nulls last limit $25
-- $1 = "{2026-11-19T23:00:00.000Z,2026-11-20T23:00:00.000Z}"
-- $2 = "acme"
-- $3 = "flow_run"
-- $4 = "01a15664-a980-7000-8000-000000000000"
-- $5 = "01a2a522-efe0-7000-8000-000000000000"
-- $6 = "2026-10-19T23:00:00.000Z"
-- $7 = "2026-12-22T23:00:00.000Z"
-- $8 = "{c1}"
-- $9 = "2026-11-19T23:00:00.000Z"
-- $10 = "2026-11-21T23:00:00.000Z"
-- $11 = "test"
-- $12 = "{2026-11-19T23:00:00.000Z,2026-11-20T23:00:00.000Z}"
-- $13 = "acme"
-- $14 = "flow_run"
-- $15 = "01a15664-a980-7000-8000-000000000000"
-- $16 = "01a2a522-efe0-7000-8000-000000000000"
-- $17 = "2026-10-19T23:00:00.000Z"
-- $18 = "2026-12-22T23:00:00.000Z"
-- $19 = "{c1}"
-- $20 = "2026-11-19T23:00:00.000Z"
-- $21 = "2026-11-21T23:00:00.000Z"
-- $22 = "test"
-- $23 = "{completed}"
-- $24 = 2
-- $25 = 100
