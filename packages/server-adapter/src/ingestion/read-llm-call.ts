import {
  maxEventBucket,
  maxRawCounts,
  maxTagKeyLength,
  maxTags,
  maxTagValueLength,
  type LlmCallEvent,
  usageBuckets,
} from '@tallykit/protocol';

type Check = (value: unknown) => boolean;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const trace = /^(?!0{32})[0-9a-f]{32}$/;
const span = /^(?!0{16})[0-9a-f]{16}$/;

const name: Check = (value) => {
  if (typeof value !== 'string' || value.length === 0 || value.length > 200) return false;
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (code < 0x20 || code === 0x7f) return false;
  }
  return true;
};
const matching =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const whole =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
const flag: Check = (value) => typeof value === 'boolean';

const scalars: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['kind', (value) => value === 'llm_call'],
  ['id', matching(uuid)],
  ['traceId', matching(trace)],
  ['spanId', matching(span)],
  ['parentSpanId', matching(span)],
  ['attempt', whole(1, 1000)],
  ['final', flag],
  ['complete', flag],
  ['batch', flag],
  ['status', (value) => value === 'ok' || value === 'error' || value === 'aborted'],
  ['httpStatus', whole(100, 599)],
  ['durationMs', count],
  ['firstChunkMs', count],
  ...[
    'customerId',
    'userId',
    'productId',
    'flow',
    'configuration',
    'conversationId',
    'messageId',
    'channel',
    'workspaceId',
    'environment',
    'callId',
    'provider',
    'requestModel',
    'responseModel',
    'operation',
    'responseId',
    'errorClass',
    'serviceTier',
    'region',
  ].map((key) => [key, name] as const),
]);

const buckets: ReadonlySet<string> = new Set(usageBuckets);
const bucketCount = whole(0, maxEventBucket);
const tagKey = (key: string): boolean => key !== '' && key.length <= maxTagKeyLength && key !== '__proto__';

/** What the records of a call may hold. */
const records: ReadonlyMap<
  string,
  { readonly most: number; readonly entry: (key: string, value: unknown) => boolean }
> = new Map([
  [
    'usage',
    {
      most: buckets.size,
      entry: (key: string, value: unknown) => buckets.has(key) && bucketCount(value),
    },
  ],
  ['rawUsage', { most: maxRawCounts, entry: (key: string, value: unknown) => tagKey(key) && count(value) }],
  [
    'tags',
    {
      most: maxTags,
      entry: (key: string, value: unknown) =>
        tagKey(key) && typeof value === 'string' && value.length <= maxTagValueLength,
    },
  ],
]);

const required = [
  'kind',
  'id',
  'traceId',
  'callId',
  'attempt',
  'final',
  'provider',
  'requestModel',
  'operation',
  'status',
  'complete',
  'durationMs',
];

function copyRecord(key: string, value: unknown): object | null {
  const shape = records.get(key);
  if (shape === undefined || typeof value !== 'object' || value === null) return null;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return null;
  const entries = Object.entries(value);
  if (entries.length > shape.most) return null;
  for (const [name, part] of entries) if (!shape.entry(name, part)) return null;
  return { ...value };
}

function isCall(copy: Readonly<Record<string, unknown>>): copy is Record<string, unknown> & LlmCallEvent {
  return required.every((key) => copy[key] !== undefined);
}

/**
 * Reads an ordinary call several times as fast as its schema does: what it accepts the schema accepts, with the same
 * result. Null says nothing about the event but that the schema has to look at it.
 *
 * @example
 * const event = readLlmCall(raw) ?? llmCallEventSchema.parse(raw);
 */
export function readLlmCall(raw: object): LlmCallEvent | null {
  const prototype: unknown = Object.getPrototypeOf(raw);
  if (prototype !== Object.prototype && prototype !== null) return null;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) {
    const check = scalars.get(key);
    if (check !== undefined) {
      if (!check(value)) return null;
      copy[key] = value;
      continue;
    }
    const record = copyRecord(key, value);
    if (record === null) return null;
    copy[key] = record;
  }
  return isCall(copy) ? copy : null;
}
