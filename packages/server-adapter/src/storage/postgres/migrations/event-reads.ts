/**
 * What reading single events needs. Calls are by far the most events, so the other kinds have an index that calls never
 * touch. Few events name a conversation in hosts that have none.
 */
export const eventReads = `
create index event_by_kind on tallykit.event (organization_id, kind, id) where kind <> 'llm_call';
create index event_by_conversation on tallykit.event (organization_id, conversation_id) where conversation_id is not null;

create table tallykit.cursor_secret (
  is_only boolean primary key default true check (is_only),
  secret bytea not null
);
insert into tallykit.cursor_secret (secret)
  select sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'));
`;
