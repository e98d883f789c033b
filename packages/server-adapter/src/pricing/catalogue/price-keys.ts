import type { UsageBucket } from '@tallykit/protocol';

/** Which buckets a price of the catalogue pays for. */
export interface PriceKey {
  readonly buckets: readonly (UsageBucket | 'requests')[];
  readonly per: number;
}

const million = 1_000_000;

/**
 * The catalogue's price keys in our buckets. `cache_write_mtok` is the price of the provider's default lifetime, which is
 * five minutes wherever a provider knows lifetimes, so it pays for `cacheWrite` and `cacheWrite5m`, never for an hour.
 */
export const priceKeys: Readonly<Record<string, PriceKey>> = {
  input_mtok: { buckets: ['input'], per: million },
  cache_read_mtok: { buckets: ['cacheRead'], per: million },
  cache_write_mtok: { buckets: ['cacheWrite', 'cacheWrite5m'], per: million },
  cache_write_1h_mtok: { buckets: ['cacheWrite1h'], per: million },
  input_audio_mtok: { buckets: ['inputAudio'], per: million },
  cache_audio_read_mtok: { buckets: ['cacheReadAudio'], per: million },
  input_image_mtok: { buckets: ['inputImage'], per: million },
  output_mtok: { buckets: ['output'], per: million },
  output_reasoning_mtok: { buckets: ['reasoning'], per: million },
  output_audio_mtok: { buckets: ['outputAudio'], per: million },
  output_image_mtok: { buckets: ['outputImage'], per: million },
  web_searches_kcount: { buckets: ['webSearches'], per: 1000 },
  requests_kcount: { buckets: ['requests'], per: 1000 },
  audio_hours: { buckets: ['seconds'], per: 3600 },
};

/**
 * Keys that say again, for a part, what another key of the same row says for the whole, or that price an optional tool
 * which no usage report counts. They change nothing of what a call's buckets cost.
 */
export const silentKeys: ReadonlySet<string> = new Set([
  'input_audio_hours',
  'input_video_mtok',
  'storage_searches_kcount',
]);

/**
 * Keys that price something which no bucket counts. A row with one of them can never give a whole cost, so its calls
 * stay pending.
 */
export const uncountedKeys: ReadonlySet<string> = new Set([
  'input_document_kpages',
  'input_annotated_document_kpages',
  'input_text_messages_kcount',
  'output_citation_mtok',
  'output_video_mtok',
]);

/** Cached images are counted with cached text but cost more, so such a row has no honest rate for `cacheRead`. */
export const cachedImageKey = 'cache_image_read_mtok';
