import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** The two forms of OTLP over HTTP. */
export type OtlpEncoding = 'protobuf' | 'json';

/** Spans of a request that were not taken, and why, for the log of the sender. */
export interface PartialSuccess {
  readonly rejectedSpans: number;
  /** May be a warning when nothing was rejected; empty when there is nothing to say. */
  readonly errorMessage: string;
}

/** The media type of each form. */
export const otlpMediaTypes: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** The form that a media type names, or null. */
export function otlpEncodingOf(contentType: string | null): OtlpEncoding | null {
  const plain = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  return plain === otlpMediaTypes.protobuf ? 'protobuf' : plain === otlpMediaTypes.json ? 'json' : null;
}

function answer(body: Uint8Array<ArrayBuffer> | object, status: number): Response {
  return body instanceof Uint8Array
    ? new Response(body, { status, headers: { 'content-type': otlpMediaTypes.protobuf } })
    : new Response(JSON.stringify(body), { status, headers: { 'content-type': otlpMediaTypes.json } });
}

/** An `ExportTraceServiceResponse`. Partial success is told only when there is something to tell, as OTLP asks. */
export function exportAnswer(encoding: OtlpEncoding, partial: PartialSuccess): Response {
  const silent = partial.rejectedSpans === 0 && partial.errorMessage === '';
  if (encoding === 'json') {
    const { rejectedSpans, errorMessage } = partial;
    return answer(
      silent ? {} : { partialSuccess: { rejectedSpans: String(rejectedSpans), errorMessage } },
      200,
    );
  }
  const writer = new BinaryWriter();
  if (!silent) {
    writer.tag(1, WireType.LengthDelimited).fork();
    if (partial.rejectedSpans > 0) writer.tag(1, WireType.Varint).int64(partial.rejectedSpans);
    writer.tag(2, WireType.LengthDelimited).string(partial.errorMessage);
    writer.join();
  }
  return answer(writer.finish(), 200);
}

/** Codes of gRPC that say the same as a status of HTTP. */
const rpcCodes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  413: 3,
  415: 3,
  429: 8,
  500: 13,
  503: 14,
};

/** A `google.rpc.Status`, in which OTLP wants every refusal. */
export function statusAnswer(encoding: OtlpEncoding, status: number, message: string): Response {
  const code = rpcCodes[status] ?? 2;
  if (encoding === 'json') return answer({ code, message }, status);
  const writer = new BinaryWriter().tag(1, WireType.Varint).int32(code);
  return answer(writer.tag(2, WireType.LengthDelimited).string(message).finish(), status);
}
