/** Total of an alias' two token columns. */
export const tokenTotal = (alias: string): string =>
  `tallykit.token_total(${alias}.prompt_tokens, ${alias}.completion_tokens)`;

const eventKeys = [
  'e.occurred_at',
  ...[
    'customer_id',
    'provider',
    'model',
    'flow',
    'product_id',
    'configuration',
    'environment',
    'status',
    'user_id',
    'conversation_id',
    'message_id',
  ].map((column) => `coalesce(e.${column}, '') as ${column}`),
].join(', ');

const costKeys = (alias: string): string =>
  `coalesce(${alias}.currency, '') as currency, ` +
  `coalesce(${alias}.effective_price_id, ${alias}.list_price_id, '') as price_id`;

interface FactSums {
  readonly final?: string;
  readonly pending?: string;
  readonly pendingTokens?: string;
  readonly promptTokens?: string;
  readonly completionTokens?: string;
  readonly tokens?: string;
  readonly amountsOf?: string;
  /** Tokens that join a call which was pending before and stays so. */
  readonly newlyPendingTokens?: string;
}

// Every part of the union names the same columns in the same order.
function sums(fact: FactSums): string {
  const {
    final = '0',
    pending = '0',
    pendingTokens = 'null::bigint',
    tokens = 'null::bigint',
    amountsOf,
  } = fact;
  const waiting = fact.newlyPendingTokens ?? pendingTokens;
  const weight = fact.newlyPendingTokens === undefined ? pending : '1';
  const amount = (name: string): string =>
    amountsOf === undefined ? 'null::numeric' : `${amountsOf}.${name}`;
  return [
    `${final} as calls`,
    `${final} * (e.status = 'error')::int as errors`,
    `${final} * (e.status = 'aborted')::int as aborted_calls`,
    `${final} * (e.customer_id is null)::int as unattributed_calls`,
    `${pending} as pending_calls`,
    `${weight} * (${waiting} is not null)::int as pending_reporting`,
    `${weight} * coalesce(${waiting}, 0) as pending_tokens`,
    `(${tokens} is not null and e.final and e.message_id is null)::int as lone_messages`,
    `${fact.promptTokens ?? 'null::bigint'} as prompt_tokens`,
    `${fact.completionTokens ?? 'null::bigint'} as completion_tokens`,
    `case when e.conversation_id is not null then ${tokens} end as conversation_tokens`,
    ...['list_amount', 'effective_amount', 'charge_amount'].map((name) => `${amount(name)} as ${name}`),
    `${tokens} is not null as is_present`,
  ].join(',\n    ');
}

const sameEvent = (alias: string): string =>
  `${alias}.organization_id = e.organization_id and ${alias}.event_id = e.id`;

/**
 * What the log entries after `$2` up to `$3` of organization `$1` change in the sums, as one row a change: a call with its
 * first entry, the amounts of later entries, what those do to `pending`, and usage that a second sighting brought.
 * `onEvents` narrows the events (alias `e`) further. `withPlace` adds the key that an event came with, and the place in
 * the log of what changes.
 */
export function loggedFacts(onEvents = 'true', withPlace = false): string {
  const place = (alias: string): string =>
    withPlace ? ` coalesce(e.key_id, '') as key_id, ${alias}.sequence as place,` : '';
  const within = (alias: string): string => `${alias}.sequence > $2 and ${alias}.sequence <= $3`;
  const ownTotal = tokenTotal('e');
  const suppliedTotal = tokenTotal('s');
  return `
  select${place('e')} ${eventKeys}, ${costKeys('c')},
    ${sums({
      final: 'e.final::int',
      pending: "(c.kind = 'pending')::int",
      pendingTokens: ownTotal,
      promptTokens: 'e.prompt_tokens',
      completionTokens: 'e.completion_tokens',
      tokens: ownTotal,
      amountsOf: 'c',
    })}
  from tallykit.event e
  join tallykit.cost_entry c on ${sameEvent('c')} and c.sequence = e.sequence
  where e.organization_id = $1 and ${within('e')} and e.counted and ${onEvents}
  union all
  select${place('c')} ${eventKeys}, ${costKeys('c')},
    ${sums({ amountsOf: 'c' })}
  from tallykit.cost_entry c
  join tallykit.event e on ${sameEvent('c')}
  where c.organization_id = $1 and ${within('c')} and c.revision and c.kind <> 'pending' and ${onEvents}
  union all
  select${place('c')} ${eventKeys}, ${costKeys('first')},
    ${sums({
      pending: 'c.pending_delta',
      pendingTokens: `case when s.event_id is null then ${ownTotal} else ${suppliedTotal} end`,
    })}
  from tallykit.cost_entry c
  join tallykit.event e on ${sameEvent('c')}
  join tallykit.cost_entry first on ${sameEvent('first')} and first.sequence = e.sequence
  left join tallykit.supplied_usage s on ${sameEvent('s')} and s.sequence < c.sequence
  where c.organization_id = $1 and ${within('c')} and c.revision and c.pending_delta <> 0 and ${onEvents}
  union all
  select${place('s')} ${eventKeys}, ${costKeys('first')},
    ${sums({
      promptTokens: 's.prompt_tokens',
      completionTokens: 's.completion_tokens',
      tokens: suppliedTotal,
    })}
  from tallykit.supplied_usage s
  join tallykit.event e on ${sameEvent('s')}
  join tallykit.cost_entry first on ${sameEvent('first')} and first.sequence = e.sequence
  where s.organization_id = $1 and ${within('s')} and ${onEvents}
  union all
  select${place('s')} ${eventKeys}, ${costKeys('first')},
    ${sums({ newlyPendingTokens: suppliedTotal })}
  from tallykit.supplied_usage s
  join tallykit.event e on ${sameEvent('s')}
  join tallykit.cost_entry first on ${sameEvent('first')} and first.sequence = e.sequence
  join tallykit.cost_entry c on ${sameEvent('c')} and c.sequence = s.sequence and c.kind = 'pending'
  where s.organization_id = $1 and ${within('s')} and ${onEvents}`;
}
