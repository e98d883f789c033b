import type { GenAiSpan, SpanAttributes, SpanAttributeValue } from '@tallykit/protocol/gen-ai-span';

/** The part of a span that its resource and scope have in common with others. */
export interface SpanOrigin {
  readonly resource: SpanAttributes;
  readonly scopeName: string;
}

/** A span as OTLP carries it: what is known of calls is in `attributes`, and everything else is not even read. */
export type OtlpSpan = Omit<GenAiSpan, 'resource' | 'scopeName' | 'baggage'>;

/** A span that is still to be read, so that others may have their turn between the spans of a large export. */
export type UnreadSpan = () => GenAiSpan;

/** Attributes while they are read; a map of its own, so that no name can mean anything but itself. */
export type ReadAttributes = Record<string, SpanAttributeValue>;

/** No name, id or count is longer; what is longer is content, and is passed over. */
export const longestValue = 1024;

export function noAttributes(): ReadAttributes {
  return Object.create(null) as ReadAttributes;
}
