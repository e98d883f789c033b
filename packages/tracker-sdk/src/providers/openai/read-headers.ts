import type { KnownFacts } from '../../observe/call-recorder.ts';
import { textOf } from './read-result.ts';

/** Takes the provider's own id of the request, the project that it is billed to, and the place where Azure ran it. */
export function readHeaders(facts: KnownFacts, headers: unknown): void {
  // The headers of an error may be of any kind.
  const { get } = (headers ?? {}) as Partial<Headers>;
  const header = (name: string): string | undefined => textOf(get?.call(headers, name));
  const requestId = header('x-request-id') ?? header('apim-request-id');
  const projectId = header('openai-project');
  if (requestId ?? projectId) facts.providerIds = { requestId, projectId };
  facts.region ??= header('x-ms-region')?.replaceAll(' ', '').toLowerCase();
}
