import type { Principal } from '@tallykit/protocol';
import { requirePermission } from '../access/policy.ts';
import { dimensionOf, measureOf } from './dataset-definition.ts';
import type { QuestionFields } from './question.ts';

/** Throws 403 unless the principal holds the leaf of the dataset and of each field that a question names. */
export function requireFields(
  principal: Principal,
  question: Pick<QuestionFields<unknown>, 'dataset' | 'measures' | 'dimensions'>,
): void {
  const { dataset } = question;
  const fields = [
    ...question.measures.map((id) => measureOf(dataset, id)),
    ...question.dimensions.map((id) => dimensionOf(dataset, id)),
  ];
  const leaves = new Set([
    dataset.permission,
    ...fields.map((field) => field?.permission ?? dataset.permission),
  ]);
  for (const leaf of leaves) requirePermission(principal, leaf);
}
