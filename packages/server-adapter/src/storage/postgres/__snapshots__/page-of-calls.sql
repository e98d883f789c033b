select e.id from tallykit.event e
    where e.organization_id = $1 and e.kind = 'llm_call' and "e"."id" >= $2 and "e"."id" < $3
      and e.occurred_at >= $4 and e.occurred_at < $5
      and e.id < $6 and e.sequence <= $7
      and "e"."customer_id" = any ($8::text[])
      and "e"."conversation_id" = any ($9::text[]) and (case when not e.counted then 'not_counted' when exists (select from tallykit.pending_call p
  where p.organization_id = e.organization_id and p.event_id = e.id) then 'pending' else 'priced' end) = $10 and coalesce(e.rest ->> 'errorClass', '') collate "C" = ''
    order by e.id desc limit $11
-- $1 = "acme"
-- $2 = "01a1f609-cd80-7000-8000-000000000000"
-- $3 = "01a2057d-cbe0-7000-8000-000000000000"
-- $4 = "2026-11-19T23:00:00.000Z"
-- $5 = "2026-11-21T23:00:00.000Z"
-- $6 = "019aa0b1-0000-7000-8000-000000000001"
-- $7 = 42
-- $8 = "{c1}"
-- $9 = "{\"talk\"}"
-- $10 = "pending"
-- $11 = 101
