import type { KnownFacts } from '../../observe/call-recorder.ts';
import { headersOf } from '../../observe/read-headers.ts';

/** Takes the provider's own id of the request, the project that it is billed to, and the place where Azure ran it. */
export function readHeaders(facts: KnownFacts, headers: unknown): void {
  const header = headersOf(headers);
  const requestId = header('x-request-id', 'apim-request-id');
  const projectId = header('openai-project');
  if (requestId ?? projectId) facts.providerIds = { requestId, projectId };
  if (facts.provider === 'azure') facts.region ??= header('x-ms-region')?.replaceAll(' ', '').toLowerCase();
}
