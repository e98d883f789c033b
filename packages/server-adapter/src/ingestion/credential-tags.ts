import type { UsageEvent } from '@tallykit/protocol';

/** A tag that was taken off an event. Its value is not kept anywhere. */
export interface RemovedTag {
  readonly key: string;
}

// Shapes that only credentials have.
const shapes: readonly RegExp[] = [
  // OpenAI, Anthropic, Stripe, OpenRouter, Paid and many others.
  /\b(?:sk|rk|pk|whsec|sess)[-_][A-Za-z0-9_-]*[A-Za-z0-9]{16}/,
  // Cloud access keys, source hosts, chat and mail services.
  /\b(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}\b/,
  /\bAIza[0-9A-Za-z_-]{30,}/,
  /\bya29\.[0-9A-Za-z_-]{20,}/,
  /\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{20,}/,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/,
  /\bglpat-[A-Za-z0-9_-]{16,}/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/,
  /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/,
  /\b(?:hf|npm|dop_v1|shpat|shpss|lin_api|gsk|xai|r8|pplx|nvapi|tvly|fw|tk)[-_][A-Za-z0-9]{20,}/,
  // JSON web tokens, bearer and basic headers, private keys, URLs with a password.
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/,
  /\bbearer\s+(?=\S*\d)[A-Za-z0-9._~+/=-]{16,}/i,
  /\b[Bb]asic\s+(?=\S*[A-Z])(?=\S*[a-z])(?=\S*[\d=])[A-Za-z0-9+/]{8,}={0,2}(?![\w-])/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/@]+@/i,
];

// Keys that name a secret, whatever its shape; "token" and "key" alone are too common for that.
const secretKey =
  /(?:^|[^A-Za-z0-9])(?:password|passwd|passphrase|secret|authorization|cookie|credentials?|api[-_.]?key|apikey|access[-_.]?key|private[-_.]?key|client[-_.]?secret|(?:access|auth|bearer|refresh|session|id|api|secret)[-_.]?token)$/i;
const camelBoundary = /([a-z0-9])([A-Z])/g;

const longToken = /[A-Za-z0-9+/_=-]{32,}/g;
const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const hexDigest = /^[0-9a-f]{32,128}$/i;

// Bits of surprise a character, after Shannon.
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

// Ids and digests are long too, but they are hexadecimal or made of words.
function looksRandom(token: string): boolean {
  if (uuid.test(token) || hexDigest.test(token)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(token)).length;
  if (kinds < 3) return false;
  const longestWord = Math.max(0, ...(token.match(/[A-Za-z][a-z]+/g) ?? []).map((word) => word.length));
  return longestWord < 10 && entropy(token) >= 4.2;
}

/**
 * Whether a tag looks like a credential: by the shape of its key or value, by the name of its key, or as a long random
 * text. Prefers to let an odd id through over dropping what the vendor wants to see.
 *
 * @example
 * looksLikeCredential('note', 'sk-proj-abcdefghijklmnopqrstuvwx'); // true
 * looksLikeCredential('release', '2026-11-20-a1b2c3d'); // false
 */
export function looksLikeCredential(key: string, value: string): boolean {
  if (value !== '' && secretKey.test(key.replace(camelBoundary, '$1_$2'))) return true;
  if (shapes.some((shape) => shape.test(value) || shape.test(key))) return true;
  return value.length >= 32 && (value.match(longToken) ?? []).some(looksRandom);
}

/**
 * Takes tags that look like credentials off an event, so that they are never stored. The event lands without them.
 *
 * @example
 * const { event, removed } = removeCredentialTags(received);
 */
export function removeCredentialTags(event: UsageEvent): {
  readonly event: UsageEvent;
  readonly removed: readonly RemovedTag[];
} {
  if (event.tags === undefined) return { event, removed: [] };
  const entries = Object.entries(event.tags);
  const kept = entries.filter(([key, value]) => !looksLikeCredential(key, value));
  if (kept.length === entries.length) return { event, removed: [] };
  const keptKeys = new Set(kept.map(([key]) => key));
  const { tags: _tags, ...rest } = event;
  return {
    event: kept.length === 0 ? rest : { ...rest, tags: Object.fromEntries(kept) },
    removed: entries.filter(([key]) => !keptKeys.has(key)).map(([key]) => ({ key })),
  };
}
