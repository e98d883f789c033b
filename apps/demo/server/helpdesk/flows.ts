/** One feature of the assistant: which model it calls, and how many tokens a call takes. */
export interface HelpdeskFlow {
  readonly id: string;
  readonly name: string;
  readonly productId: string;
  readonly provider: string;
  readonly model: string;
  /** Share of all calls, relative to the others. */
  readonly weight: number;
  /** Typical prompt tokens, of which `cachedShare` come from the provider's cache. */
  readonly promptTokens: number;
  readonly cachedShare: number;
  readonly completionTokens: number;
  /** Typical milliseconds a call. */
  readonly durationMs: number;
}

/** `nova-2-lite` has no published price on purpose: its calls wait for one, and every total says so. */
export const flows: readonly HelpdeskFlow[] = [
  {
    id: 'triage',
    name: 'Ticket triage',
    productId: 'support-agent',
    provider: 'openai',
    model: 'gpt-4o-mini',
    weight: 44,
    promptTokens: 5_200,
    cachedShare: 0.35,
    completionTokens: 260,
    durationMs: 900,
  },
  {
    id: 'policy-answers',
    name: 'Policy answers',
    productId: 'knowledge-assistant',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    weight: 14,
    promptTokens: 38_000,
    cachedShare: 0.55,
    completionTokens: 900,
    durationMs: 4_800,
  },
  {
    id: 'draft-reply',
    name: 'Draft reply',
    productId: 'support-agent',
    provider: 'openai',
    model: 'gpt-4o',
    weight: 20,
    promptTokens: 17_000,
    cachedShare: 0.3,
    completionTokens: 700,
    durationMs: 3_100,
  },
  {
    id: 'call-notes',
    name: 'Call notes',
    productId: 'voice-notes',
    provider: 'openai',
    model: 'gpt-4.1-mini',
    weight: 13,
    promptTokens: 24_000,
    cachedShare: 0.1,
    completionTokens: 1_100,
    durationMs: 2_600,
  },
  {
    id: 'language-check',
    name: 'Language check',
    productId: 'support-agent',
    provider: 'groq',
    model: 'llama-3.3-70b-versatile',
    weight: 8,
    promptTokens: 2_400,
    cachedShare: 0,
    completionTokens: 340,
    durationMs: 420,
  },
  {
    id: 'summary',
    name: 'Weekly summary',
    productId: 'knowledge-assistant',
    provider: 'aws.bedrock',
    model: 'nova-2-lite',
    weight: 0.6,
    promptTokens: 9_000,
    cachedShare: 0,
    completionTokens: 800,
    durationMs: 1_700,
  },
];
