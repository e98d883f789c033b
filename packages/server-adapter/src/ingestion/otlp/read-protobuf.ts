import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { GenAiSpanEvent, SpanAttributeValue } from '@tallykit/protocol/gen-ai-span';
import {
  longestValue,
  noAttributes,
  type OtlpSpan,
  type ReadAttributes,
  type SpanOrigin,
  type UnreadSpan,
} from './otlp-span.ts';

/** What to do with a field; the reader stands at its value. Fields without an entry are passed over. */
type Fields = Readonly<Record<number, { readonly wire: WireType; read(reader: BinaryReader): void }>>;

function readFields(reader: BinaryReader, fields: Fields): void {
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    const field = fields[number];
    if (field === undefined) reader.skip(wire, number);
    else if (field.wire === wire) field.read(reader);
    else throw new TypeError(`Field ${number} has another type.`);
  }
}

const text = (take: (value: string) => void) => ({
  wire: WireType.LengthDelimited,
  read: (reader: BinaryReader) => take(reader.string()),
});
const bytes = (take: (value: Uint8Array) => void) => ({
  wire: WireType.LengthDelimited,
  read: (reader: BinaryReader) => take(reader.bytes()),
});
const nanos = (take: (value: bigint) => void) => ({
  wire: WireType.Bit64,
  read: (reader: BinaryReader) => take(BigInt(reader.fixed64())),
});
const inside = (fields: () => Fields, done: () => void = () => undefined) => ({
  wire: WireType.LengthDelimited,
  read: (reader: BinaryReader) => {
    readFields(new BinaryReader(reader.bytes()), fields());
    done();
  },
});

const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

function wholeNumber(value: bigint | string): SpanAttributeValue {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** A key and its value. Lists, maps, bytes and long text are content or nothing that calls are told with. */
function attributesField(attributes: ReadAttributes) {
  let key = '';
  let value: SpanAttributeValue | undefined;
  const anyValue: Fields = {
    1: bytes((content) => {
      if (content.length <= longestValue)
        value = Buffer.from(content.buffer, content.byteOffset, content.length).toString();
    }),
    2: { wire: WireType.Varint, read: (reader) => (value = reader.bool()) },
    3: { wire: WireType.Varint, read: (reader) => (value = wholeNumber(reader.int64())) },
    4: { wire: WireType.Bit64, read: (reader) => (value = reader.double()) },
  };
  return inside(
    () => {
      key = '';
      value = undefined;
      return { 1: text((name) => (key = name)), 2: inside(() => anyValue) };
    },
    () => {
      if (value !== undefined) attributes[key] = value;
    },
  );
}

function readEvent(reader: BinaryReader): GenAiSpanEvent {
  const attributes = noAttributes();
  let name = '';
  let timeNanos = 0n;
  readFields(reader, {
    1: nanos((value) => (timeNanos = value)),
    2: text((value) => (name = value)),
    3: attributesField(attributes),
  });
  return { name, timeNanos, attributes };
}

function readSpan(reader: BinaryReader): OtlpSpan {
  const attributes = noAttributes();
  const events: GenAiSpanEvent[] = [];
  const span = { traceId: '', spanId: '', parentSpanId: '', startNanos: 0n, endNanos: 0n, failed: false };
  readFields(reader, {
    1: bytes((value) => (span.traceId = hex(value))),
    2: bytes((value) => (span.spanId = hex(value))),
    4: bytes((value) => (span.parentSpanId = hex(value))),
    7: nanos((value) => (span.startNanos = value)),
    8: nanos((value) => (span.endNanos = value)),
    9: attributesField(attributes),
    11: bytes((value) => void events.push(readEvent(new BinaryReader(value)))),
    15: inside(() => ({
      3: { wire: WireType.Varint, read: (status) => (span.failed = status.int32() === 2) },
    })),
  });
  return { ...span, parentSpanId: span.parentSpanId || undefined, attributes, events };
}

/**
 * Reads an `ExportTraceServiceRequest` in protobuf, as far as calls are told with it: its frame at once, each span when it
 * is asked for. Throws when it is none, and so does a span that is damaged.
 *
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */
export function readProtobuf(body: Uint8Array): UnreadSpan[] {
  const spans: UnreadSpan[] = [];

  function readScopeSpans(reader: BinaryReader, { resource }: Pick<SpanOrigin, 'resource'>): void {
    const found: Uint8Array[] = [];
    let scopeName = '';
    readFields(reader, {
      1: inside(() => ({ 1: text((name) => (scopeName = name)) })),
      2: bytes((value) => void found.push(value)),
    });
    for (const value of found)
      spans.push(() => ({ ...readSpan(new BinaryReader(value)), resource, scopeName }));
  }

  readFields(new BinaryReader(body), {
    1: bytes((value) => {
      const resource = noAttributes();
      const scopes: Uint8Array[] = [];
      readFields(new BinaryReader(value), {
        1: inside(() => ({ 1: attributesField(resource) })),
        2: bytes((scope) => void scopes.push(scope)),
      });
      for (const scope of scopes) readScopeSpans(new BinaryReader(scope), { resource });
    }),
  });
  return spans;
}
