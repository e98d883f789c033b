import type { CallDataset } from './call-dataset.ts';
import type { DatasetDefinition } from './dataset-definition.ts';
import { calls } from './definitions/calls.ts';
import { chat } from './definitions/chat.ts';
import { conversions } from './definitions/conversions.ts';
import { flowRuns } from './definitions/flow-runs.ts';
import { funnel } from './definitions/funnel.ts';
import { telemetry } from './definitions/telemetry.ts';
import { tokenUsage } from './definitions/token-usage.ts';
import { toolCalls } from './definitions/tool-calls.ts';
import type { FactDataset } from './fact-dataset.ts';

/** A dataset with all that its shape declares. */
export type ServedDataset =
  | (DatasetDefinition & { readonly shape: 'usage' })
  | (FactDataset & { readonly shape: 'facts' })
  | (FactDataset & { readonly shape: 'funnel' })
  | CallDataset;

/** Every dataset that can be queried. A new one is declared in `definitions/` and listed here. */
export const servedDatasets: readonly ServedDataset[] = [
  tokenUsage,
  conversions,
  chat,
  flowRuns,
  telemetry,
  funnel,
  calls,
  toolCalls,
];

/** A dataset by id. */
export function servedDataset(id: string): ServedDataset | undefined {
  return servedDatasets.find((dataset) => dataset.id === id);
}
