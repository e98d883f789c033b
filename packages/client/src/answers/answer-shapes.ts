// Written from the schemas of the protocol by answer-shapes.test.ts; `vitest run -u` of that file writes it anew.
import type { Shape } from './shape.ts';

const moneyShape = { amount: 'decimal', currency: 'currency' } as const satisfies Shape;

const answerScopeShape = {
  organizationId: 'string',
  customerId: ['nullable', 'string'],
  customerName: ['nullable', 'string'],
  visibility: ['oneOf', 'operator', 'customer'],
} as const satisfies Shape;

const freshnessShape = {
  asOf: 'instant',
  cadence: ['oneOf', 'live', 'on_write', 'hourly', 'daily', 'nightly'],
  openBucket: ['nullable', { start: 'instant', end: 'instant' }],
  pending: { calls: 'count', tokens: ['nullable', 'count'] },
  withheld: ['list', 'string'],
  engine: 'string',
} as const satisfies Shape;

export const conversationAnswerShape = {
  conversationId: 'string',
  firstAt: 'string',
  lastAt: 'string',
  calls: [
    'list',
    {
      id: 'string',
      startedAt: 'string',
      status: ['oneOf', 'ok', 'error', 'aborted'],
      tokens: ['nullable', 'number'],
      cost: ['nullable', moneyShape],
      pending: 'boolean',
    },
  ],
  toolCalls: [
    'list',
    { id: 'string', startedAt: 'string', tool: 'string', status: ['oneOf', 'ok', 'error', 'aborted'] },
  ],
  messages: ['list', { id: 'string', at: 'string', role: ['oneOf', 'user', 'agent'] }],
  signals: ['list', { id: 'string', at: 'string', name: 'string', quantity: 'number' }],
  flowRuns: [
    'list',
    { runId: 'string', flow: ['nullable', 'string'], status: 'string', startedAt: 'string' },
  ],
  truncated: 'boolean',
  totals: { calls: 'number', tokens: ['nullable', 'number'], cost: ['list', moneyShape] },
  scope: answerScopeShape,
  freshness: freshnessShape,
} as const satisfies Shape;

export const problemShape = {
  type: 'string',
  title: 'string',
  status: 'number',
  code: 'string',
  detail: 'string',
  'instance?': 'string',
  'errors?': ['list', { pointer: 'string', detail: 'string' }],
} as const satisfies Shape;

const apiKeyShape = {
  id: 'string',
  kind: ['oneOf', 'ingest', 'server'],
  name: 'string',
  prefix: 'string',
  customerId: ['nullable', 'string'],
  createdAt: 'instant',
  revokedAt: ['nullable', 'instant'],
} as const satisfies Shape;

export const apiKeyCreatedShape = { key: apiKeyShape, secret: 'string' } as const satisfies Shape;

export const apiKeysAnswerShape = { keys: ['list', apiKeyShape] } as const satisfies Shape;

export const devClockAnswerShape = { now: 'instant' } as const satisfies Shape;

export const healthAnswerShape = { status: ['oneOf', 'ok'] } as const satisfies Shape;

export const readyAnswerShape = {
  ready: 'boolean',
  engine: 'string',
  schemaVersion: 'number',
  expectedSchemaVersion: 'number',
  rowLevelSecurity: ['oneOf', 'on', 'off'],
  reason: ['nullable', 'string'],
} as const satisfies Shape;

export const embedSessionShape = { token: 'string', expiresAt: 'instant' } as const satisfies Shape;

export const sessionAnswerShape = {
  subject: 'string',
  role: ['oneOf', 'operator', 'customer_admin', 'customer_member'],
  visibility: ['oneOf', 'operator', 'customer'],
  permissions: ['list', 'string'],
  organization: { id: 'string', name: 'string', timeZone: 'string' },
  customer: ['nullable', { id: 'string', name: 'string' }],
  expiresAt: ['nullable', 'instant'],
} as const satisfies Shape;

export const ingestAnswerShape = {
  accepted: 'count',
  duplicates: 'count',
  problems: [
    'list',
    {
      index: 'count',
      id: ['nullable', 'string'],
      outcome: ['oneOf', 'conflict', 'rejected', 'warning'],
      code: 'string',
      pointer: 'string',
      detail: 'string',
    },
  ],
} as const satisfies Shape;

const timeRangeShape = { from: 'instant', to: 'instant', timeZone: 'string' } as const satisfies Shape;

export const datasetAnswerShape = {
  dataset: 'string',
  range: timeRangeShape,
  columns: [
    'list',
    {
      id: 'string',
      role: ['oneOf', 'dimension', 'measure'],
      type: ['oneOf', 'count', 'tokens', 'currency', 'decimal', 'ratio', 'duration', 'text', 'time'],
      label: 'string',
      'currency?': 'string',
    },
  ],
  rows: ['list', ['list', ['anyOf', 'string', 'number', 'null']]],
  truncated: 'boolean',
  'nextCursor?': ['nullable', 'string'],
  'truncatedBefore?': 'instant',
  'names?': ['list', { dimension: 'string', id: 'string', name: 'string' }],
  scope: answerScopeShape,
  freshness: freshnessShape,
} as const satisfies Shape;

export const datasetCatalogueShape = {
  ids: ['list', 'string'],
  datasets: [
    'list',
    {
      id: 'string',
      label: 'string',
      description: 'string',
      defaultWindowDays: 'number',
      dimensions: [
        'list',
        {
          id: 'string',
          label: 'string',
          type: ['oneOf', 'count', 'tokens', 'currency', 'decimal', 'ratio', 'duration', 'text', 'time'],
          'grains?': ['list', ['oneOf', 'hour', 'day', 'week', 'month']],
        },
      ],
      measures: [
        'list',
        {
          id: 'string',
          label: 'string',
          type: ['oneOf', 'count', 'tokens', 'currency', 'decimal', 'ratio', 'duration', 'text', 'time'],
          description: 'string',
        },
      ],
      filters: [
        'list',
        {
          field: 'string',
          operators: [
            'list',
            ['oneOf', 'eq', 'ne', 'in', 'lt', 'lte', 'gt', 'gte', 'isNull', 'notNull', 'contains'],
          ],
        },
      ],
    },
  ],
} as const satisfies Shape;

const priceRowShape = {
  id: 'string',
  source: ['oneOf', 'catalogue', 'override'],
  provider: 'string',
  model: 'string',
  match: 'string',
  currency: 'currency',
  validFrom: ['nullable', 'instant'],
  validTo: ['nullable', 'instant'],
  knownFrom: 'instant',
  serviceTier: ['nullable', 'string'],
  batch: ['nullable', 'boolean'],
  region: ['nullable', 'string'],
  windowOfDay: ['nullable', { from: 'string', to: 'string' }],
  rates: [
    'list',
    {
      bucket: [
        'oneOf',
        'input',
        'cacheRead',
        'cacheWrite',
        'cacheWrite5m',
        'cacheWrite1h',
        'inputAudio',
        'cacheReadAudio',
        'inputImage',
        'output',
        'reasoning',
        'outputAudio',
        'outputImage',
        'webSearches',
        'imagesGenerated',
        'characters',
        'seconds',
        'requests',
      ],
      amount: 'decimal',
      per: 'number',
    },
  ],
  tierMode: ['oneOf', 'cliff', 'graduated'],
  tiers: [
    'list',
    {
      above: 'number',
      rates: [
        'list',
        {
          bucket: [
            'oneOf',
            'input',
            'cacheRead',
            'cacheWrite',
            'cacheWrite5m',
            'cacheWrite1h',
            'inputAudio',
            'cacheReadAudio',
            'inputImage',
            'output',
            'reasoning',
            'outputAudio',
            'outputImage',
            'webSearches',
            'imagesGenerated',
            'characters',
            'seconds',
            'requests',
          ],
          amount: 'decimal',
          per: 'number',
        },
      ],
    },
  ],
  appliesTo: ['oneOf', 'list', 'effective', 'both'],
} as const satisfies Shape;

export const pricesAnswerShape = {
  prices: ['list', priceRowShape],
  nextCursor: ['nullable', 'string'],
} as const satisfies Shape;

export const pricesPutAnswerShape = {
  stored: 'count',
  unchanged: 'count',
  ids: ['list', 'string'],
  settled: 'count',
} as const satisfies Shape;

export const settleAnswerShape = {
  dryRun: 'boolean',
  examined: 'count',
  settled: 'count',
  repriced: 'count',
  unchanged: 'count',
  stillPending: ['list', { reason: 'string', calls: 'count' }],
  difference: ['list', moneyShape],
} as const satisfies Shape;

export const eraseAnswerShape = {
  customerId: 'string',
  sequence: 'number',
  requestedAt: 'instant',
  events: 'number',
} as const satisfies Shape;

export const putAnswerShape = { stored: 'number', unchanged: 'number' } as const satisfies Shape;

const budgetShape = {
  id: 'string',
  name: ['nullable', 'string'],
  scope: { 'customerId?': 'string', 'productId?': 'string', 'flow?': 'string', 'keyId?': 'string' },
  limit: [
    'by',
    'unit',
    {
      money: { unit: ['oneOf', 'money'], amount: 'decimal', currency: 'currency' },
      tokens: { unit: ['oneOf', 'tokens'], amount: 'int' },
    },
  ],
  window: ['oneOf', 'day', 'week', 'month', 'total'],
  action: ['oneOf', 'alert', 'throttle', 'block'],
  warnAt: ['list', 'number'],
  throttle: ['nullable', { callsPerMinute: 'number' }],
  owner: ['oneOf', 'organization', 'customer'],
  editable: 'boolean',
  'amountKind?': ['oneOf', 'effective', 'charge'],
  createdAt: 'instant',
  updatedAt: 'instant',
} as const satisfies Shape;

const budgetStatusShape = {
  state: ['oneOf', 'inside', 'warned', 'over'],
  spent: [
    'by',
    'unit',
    {
      money: { unit: ['oneOf', 'money'], amount: ['nullable', 'decimal'], currency: 'currency' },
      tokens: { unit: ['oneOf', 'tokens'], amount: ['nullable', 'int'] },
    },
  ],
  reserved: [
    'by',
    'unit',
    {
      money: { unit: ['oneOf', 'money'], amount: ['nullable', 'decimal'], currency: 'currency' },
      tokens: { unit: ['oneOf', 'tokens'], amount: ['nullable', 'int'] },
    },
  ],
  remaining: [
    'by',
    'unit',
    {
      money: { unit: ['oneOf', 'money'], amount: ['nullable', 'decimal'], currency: 'currency' },
      tokens: { unit: ['oneOf', 'tokens'], amount: ['nullable', 'int'] },
    },
  ],
  fraction: ['nullable', 'number'],
  calls: 'count',
  pending: { calls: 'count', tokens: ['nullable', 'count'] },
  otherCurrencies: ['list', 'string'],
  window: { from: ['nullable', 'instant'], to: ['nullable', 'instant'], timeZone: 'string' },
  resetsAt: ['nullable', 'instant'],
  crossings: ['list', { level: 'number', at: 'instant' }],
} as const satisfies Shape;

export const budgetAnswerShape = {
  budget: budgetShape,
  status: budgetStatusShape,
  scope: answerScopeShape,
  freshness: freshnessShape,
} as const satisfies Shape;

export const budgetCheckAnswerShape = {
  decision: ['oneOf', 'allow', 'throttle', 'block'],
  budgets: [
    'list',
    {
      id: 'string',
      name: ['nullable', 'string'],
      action: ['oneOf', 'alert', 'throttle', 'block'],
      decision: ['oneOf', 'allow', 'throttle', 'block'],
      state: ['oneOf', 'inside', 'warned', 'over'],
      window: ['oneOf', 'day', 'week', 'month', 'total'],
      resetsAt: ['nullable', 'instant'],
      callsPerMinute: ['nullable', 'number'],
      status: ['nullable', budgetStatusShape],
    },
  ],
  ttlSeconds: 'number',
  asOf: 'instant',
} as const satisfies Shape;

export const budgetReservationAnswerShape = {
  decision: ['oneOf', 'allow', 'throttle', 'block'],
  budgets: [
    'list',
    {
      id: 'string',
      name: ['nullable', 'string'],
      action: ['oneOf', 'alert', 'throttle', 'block'],
      decision: ['oneOf', 'allow', 'throttle', 'block'],
      state: ['oneOf', 'inside', 'warned', 'over'],
      window: ['oneOf', 'day', 'week', 'month', 'total'],
      resetsAt: ['nullable', 'instant'],
      callsPerMinute: ['nullable', 'number'],
      status: ['nullable', budgetStatusShape],
    },
  ],
  ttlSeconds: 'number',
  asOf: 'instant',
  admitted: 'boolean',
  reservation: ['nullable', { id: 'string', expiresAt: 'instant' }],
  retryAfterSeconds: ['nullable', 'number'],
} as const satisfies Shape;

export const budgetsAnswerShape = {
  budgets: ['list', { budget: budgetShape, status: budgetStatusShape }],
  nextCursor: ['nullable', 'string'],
  scope: answerScopeShape,
  freshness: freshnessShape,
} as const satisfies Shape;

export const callAnswerShape = {
  call: {
    id: 'string',
    traceId: 'string',
    startedAt: 'string',
    provider: ['nullable', 'string'],
    requestModel: ['nullable', 'string'],
    status: ['oneOf', 'ok', 'error', 'aborted'],
    durationMs: 'number',
    timeToFirstChunkMs: ['nullable', 'number'],
    customerId: ['nullable', 'string'],
  },
  cost: {
    state: ['oneOf', 'pending', 'priced', 'not_counted'],
    reason: ['nullable', 'string'],
    charge: ['nullable', moneyShape],
  },
  entries: [
    'list',
    {
      sequence: 'number',
      kind: ['oneOf', 'pending', 'priced', 'reversed', 'adjustment'],
      reason: ['nullable', 'string'],
    },
  ],
  scope: answerScopeShape,
  freshness: freshnessShape,
} as const satisfies Shape;

export const traceAnswerShape = {
  traceId: 'string',
  spans: [
    'list',
    { id: 'string', kind: 'string', startedAt: 'string', pending: 'boolean', cost: ['nullable', moneyShape] },
  ],
  truncated: 'boolean',
  totals: { calls: 'number', tokens: ['nullable', 'number'], cost: ['list', moneyShape] },
  scope: answerScopeShape,
  freshness: freshnessShape,
} as const satisfies Shape;

const tokenTotalsShape = {
  total: ['nullable', 'count'],
  prompt: ['nullable', 'count'],
  completion: ['nullable', 'count'],
} as const satisfies Shape;

const tokenSpendShape = {
  insight: ['oneOf', 'token-spend'],
  range: timeRangeShape,
  basis: ['oneOf', 'list', 'effective', 'charge'],
  spend: ['list', moneyShape],
  'amounts?': { list: ['list', moneyShape], effective: ['list', moneyShape], charge: ['list', moneyShape] },
  calls: 'count',
  tokens: tokenTotalsShape,
  pending: {
    calls: 'count',
    tokens: ['nullable', 'count'],
    share: 'number',
    reasons: ['list', { reason: 'string', calls: 'count' }],
  },
  unattributed: { calls: 'count', share: 'number' },
  previous: [
    'nullable',
    { range: timeRangeShape, spend: ['list', moneyShape], calls: 'count', tokens: tokenTotalsShape },
  ],
  series: [
    'list',
    {
      start: 'instant',
      end: 'instant',
      open: 'boolean',
      spend: ['list', moneyShape],
      tokens: ['nullable', 'count'],
      calls: 'count',
    },
  ],
  scope: answerScopeShape,
  freshness: freshnessShape,
} as const satisfies Shape;

const timeBucketShape = { start: 'instant', end: 'instant', open: 'boolean' } as const satisfies Shape;

const usageOverTimeShape = {
  insight: ['oneOf', 'usage-over-time'],
  range: timeRangeShape,
  grain: ['oneOf', 'hour', 'day', 'week', 'month'],
  groupBy: ['oneOf', 'none', 'model', 'provider', 'product', 'flow', 'configuration', 'customer'],
  basis: ['oneOf', 'list', 'effective', 'charge'],
  buckets: ['list', timeBucketShape],
  series: [
    'list',
    {
      key: ['nullable', 'string'],
      label: ['nullable', 'string'],
      total: {
        calls: 'count',
        tokens: ['nullable', 'count'],
        cost: ['list', moneyShape],
        pendingCalls: 'count',
      },
      points: [
        'list',
        [
          'nullable',
          {
            calls: 'count',
            tokens: ['nullable', 'count'],
            cost: ['list', moneyShape],
            pendingCalls: 'count',
          },
        ],
      ],
    },
  ],
  others: [
    'nullable',
    {
      key: ['nullable', 'string'],
      label: ['nullable', 'string'],
      total: {
        calls: 'count',
        tokens: ['nullable', 'count'],
        cost: ['list', moneyShape],
        pendingCalls: 'count',
      },
      points: [
        'list',
        [
          'nullable',
          {
            calls: 'count',
            tokens: ['nullable', 'count'],
            cost: ['list', moneyShape],
            pendingCalls: 'count',
          },
        ],
      ],
      groups: 'count',
    },
  ],
  total: { calls: 'count', tokens: ['nullable', 'count'], cost: ['list', moneyShape], pendingCalls: 'count' },
  groups: 'count',
  scope: answerScopeShape,
  freshness: freshnessShape,
} as const satisfies Shape;

const revenueHeroShape = {
  insight: ['oneOf', 'revenue-hero'],
  range: timeRangeShape,
  invoiced: ['list', moneyShape],
  invoicedExclTax: ['list', moneyShape],
  invoices: 'count',
  previous: ['nullable', { range: timeRangeShape, invoiced: ['list', moneyShape], invoices: 'count' }],
  series: [
    'list',
    { start: 'instant', end: 'instant', open: 'boolean', invoiced: ['list', moneyShape], invoices: 'count' },
  ],
  scope: answerScopeShape,
  freshness: freshnessShape,
} as const satisfies Shape;

const reconciliationStatusShape = {
  insight: ['oneOf', 'reconciliation-status'],
  range: timeRangeShape,
  state: [
    'oneOf',
    'not_configured',
    'waiting',
    'provisional',
    'matched',
    'matched_with_adjustment',
    'variance',
    'unallocated',
    'error',
  ],
  matchedThrough: ['nullable', 'day'],
  coverage: ['nullable', 'number'],
  'totals?': {
    reported: ['list', moneyShape],
    captured: ['list', moneyShape],
    unexplained: ['list', moneyShape],
  },
  providers: [
    'list',
    {
      provider: ['nullable', 'string'],
      fetchedAt: ['nullable', 'instant'],
      days: [
        'list',
        {
          day: 'day',
          state: [
            'oneOf',
            'not_configured',
            'waiting',
            'provisional',
            'matched',
            'matched_with_adjustment',
            'variance',
            'unallocated',
            'error',
          ],
          coverage: ['nullable', 'number'],
          'reported?': {
            tokens: ['nullable', 'number'],
            requests: ['nullable', 'count'],
            cost: ['list', moneyShape],
          },
          'captured?': {
            tokens: ['nullable', 'number'],
            calls: 'count',
            cost: ['list', moneyShape],
            pendingCalls: 'count',
          },
          'residual?': {
            tokens: ['nullable', 'number'],
            cost: ['list', moneyShape],
            reasons: ['list', 'string'],
          },
        },
      ],
    },
  ],
  counts: [
    'list',
    {
      state: [
        'oneOf',
        'not_configured',
        'waiting',
        'provisional',
        'matched',
        'matched_with_adjustment',
        'variance',
        'unallocated',
        'error',
      ],
      days: 'count',
    },
  ],
  scope: answerScopeShape,
  freshness: freshnessShape,
} as const satisfies Shape;

/** The shape of each insight that is answered, by its id. */
export const insightAnswerShapes = {
  'token-spend': tokenSpendShape,
  'usage-over-time': usageOverTimeShape,
  'revenue-hero': revenueHeroShape,
  'reconciliation-status': reconciliationStatusShape,
} as const satisfies Record<string, Shape>;
