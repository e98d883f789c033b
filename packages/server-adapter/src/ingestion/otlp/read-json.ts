import type { GenAiSpanEvent, SpanAttributeValue } from '@tallykit/protocol/gen-ai-span';
import {
  longestValue,
  noAttributes,
  type OtlpSpan,
  type ReadAttributes,
  type UnreadSpan,
} from './otlp-span.ts';

type JsonObject = Readonly<Record<string, unknown>>;

function objectOf(value: unknown): JsonObject {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new TypeError('Expected an object.');
  return value as JsonObject;
}

function listOf(value: unknown): readonly JsonObject[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new TypeError('Expected a list.');
  return value.map(objectOf);
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new TypeError('Expected text.');
  return value;
}

/** 64-bit numbers are text in JSON; numbers are taken too, as every reader of protobuf's JSON does. */
function nanosOf(value: unknown): bigint {
  if (value === undefined || value === null) return 0n;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value);
  throw new TypeError('Expected Unix nanoseconds.');
}

/** Lists, maps, bytes and long text are content or nothing that calls are told with. */
function valueOf(value: JsonObject): SpanAttributeValue | undefined {
  const { stringValue, boolValue, intValue, doubleValue } = value;
  if (typeof stringValue === 'string' && stringValue.length <= longestValue) return stringValue;
  if (typeof boolValue === 'boolean') return boolValue;
  if (typeof doubleValue === 'number') return doubleValue;
  if (typeof intValue === 'number') return intValue;
  if (typeof intValue !== 'string' || !/^-?\d{1,20}$/.test(intValue)) return undefined;
  return Number.isSafeInteger(Number(intValue)) ? Number(intValue) : intValue;
}

function attributesOf(value: unknown): ReadAttributes {
  const attributes = noAttributes();
  for (const pair of listOf(value)) {
    const read = valueOf(objectOf(pair['value']));
    if (read !== undefined) attributes[textOf(pair['key'])] = read;
  }
  return attributes;
}

function eventOf(event: JsonObject): GenAiSpanEvent {
  return {
    name: textOf(event['name']),
    timeNanos: nanosOf(event['timeUnixNano']),
    attributes: attributesOf(event['attributes']),
  };
}

function spanOf(span: JsonObject): OtlpSpan {
  return {
    // Hex in JSON, in either case, and not the base64 of protobuf's own mapping.
    traceId: textOf(span['traceId']).toLowerCase(),
    spanId: textOf(span['spanId']).toLowerCase(),
    parentSpanId: textOf(span['parentSpanId']).toLowerCase() || undefined,
    startNanos: nanosOf(span['startTimeUnixNano']),
    endNanos: nanosOf(span['endTimeUnixNano']),
    failed: objectOf(span['status'])['code'] === 2,
    attributes: attributesOf(span['attributes']),
    events: listOf(span['events']).map(eventOf),
  };
}

/**
 * Reads an `ExportTraceServiceRequest` in the JSON of OTLP, as far as calls are told with it: its frame at once, each
 * span when it is asked for. Throws when it is none, and so does a span that is damaged.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function readJson(body: unknown): UnreadSpan[] {
  if (typeof body !== 'object' || body === null) throw new TypeError('Expected an object.');
  return listOf(objectOf(body)['resourceSpans']).flatMap((resourceSpans) => {
    const resource = attributesOf(objectOf(resourceSpans['resource'])['attributes']);
    return listOf(resourceSpans['scopeSpans']).flatMap((scopeSpans) => {
      const scopeName = textOf(objectOf(scopeSpans['scope'])['name']);
      return listOf(scopeSpans['spans']).map((span) => () => ({ ...spanOf(span), resource, scopeName }));
    });
  });
}
