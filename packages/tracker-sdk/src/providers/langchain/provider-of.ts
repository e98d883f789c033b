/** Names of LangChain's integrations that differ from those of the price catalogue, and what they are part of. */
const families: readonly (readonly [pattern: RegExp, provider: string])[] = [
  [/azure/, 'azure'],
  [/bedrock|amazon|^aws/, 'aws'],
  [/google|vertex|gemini/, 'google'],
  [/^xai\b/, 'x-ai'],
  [/^mistral/, 'mistral'],
  [/^moonshot/, 'moonshotai'],
  [/^together/, 'together'],
  [/^fireworks/, 'fireworks'],
  [/^cloudflare|^workers/, 'cloudflare'],
];

/** The price catalogue's name of a provider that LangChain names; one that it does not know stands for itself. */
export function catalogueName(name: string): string {
  const lower = name.toLowerCase();
  return families.find(([pattern]) => pattern.test(lower))?.[1] ?? lower;
}
