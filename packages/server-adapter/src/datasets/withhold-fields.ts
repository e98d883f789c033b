import type { FieldLabel } from '../access/policy.ts';
import {
  dimensionOf,
  filteredDimension,
  measureOf,
  type FieldDefinition,
  type MeasureDefinition,
} from './dataset-definition.ts';
import { fieldWithheld } from './dataset-problems.ts';
import type { UsageQuestion } from './question.ts';

/** What is left of a question once everything that its asker may not see is gone. */
export interface AllowedFields {
  readonly measures: readonly MeasureDefinition[];
  /** Ids of measures that were asked for and left out. */
  readonly withheld: readonly string[];
}

/**
 * Takes withheld measures out before anything is planned, so that withheld figures never leave the store. Grouping,
 * filtering or ordering by a withheld field is refused, because the rows would tell what is withheld.
 */
export function withholdFields(question: UsageQuestion, sees: (label: FieldLabel) => boolean): AllowedFields {
  const { dataset } = question;
  refuseWithheld(
    question.dimensions.map((id) => dimensionOf(dataset, id)),
    sees,
  );
  refuseWithheld(
    question.filters.map((filter) => filteredDimension(dataset, filter.field)),
    sees,
  );
  refuseWithheld(
    (question.orderBy ?? []).map(({ field }) => measureOf(dataset, field) ?? dimensionOf(dataset, field)),
    sees,
  );
  const asked = question.measures
    .map((id) => measureOf(dataset, id))
    .filter((measure) => measure !== undefined);
  return {
    measures: asked.filter((measure) => sees(measure.sensitivity)),
    withheld: asked.filter((measure) => !sees(measure.sensitivity)).map((measure) => measure.id),
  };
}

function refuseWithheld(
  fields: readonly (FieldDefinition | undefined)[],
  sees: (label: FieldLabel) => boolean,
): void {
  for (const field of fields) {
    if (field !== undefined && !sees(field.sensitivity)) throw fieldWithheld(field.id);
  }
}
