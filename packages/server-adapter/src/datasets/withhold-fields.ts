import type { FieldLabel } from '../access/policy.ts';
import {
  dimensionOf,
  filteredDimension,
  measureOf,
  type FieldDefinition,
  type MeasureDefinition,
} from './dataset-definition.ts';
import { fieldWithheld } from './dataset-problems.ts';
import type { QuestionFields } from './question.ts';

/** What is left of a question once everything that its asker may not see is gone. */
export interface AllowedFields<Source> {
  readonly measures: readonly MeasureDefinition<Source>[];
  /** Ids of measures that were asked for and left out. */
  readonly withheld: readonly string[];
}

/**
 * Takes withheld measures out before anything is planned, so that withheld figures never leave the store. Grouping,
 * filtering or ordering by a withheld field is refused, because the rows would tell what is withheld.
 */
export function withholdFields<Source>(
  question: QuestionFields<Source>,
  sees: (label: FieldLabel) => boolean,
): AllowedFields<Source> {
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

/**
 * The columns of a list that its asker may not see. A list shows rows as they are, so a withheld column is left out whether it
 * is a field or a figure; filtering by one is refused.
 */
export function withholdColumns(
  { dataset, measures, dimensions, filters }: Omit<QuestionFields<unknown>, 'orderBy'>,
  sees: (label: FieldLabel) => boolean,
): readonly string[] {
  refuseWithheld(
    filters.map((filter) => filteredDimension(dataset, filter.field)),
    sees,
  );
  const asked: readonly (FieldDefinition | undefined)[] = [
    ...dimensions.map((id) => dimensionOf(dataset, id)),
    ...measures.map((id) => measureOf(dataset, id)),
  ];
  return asked
    .filter((field) => field !== undefined)
    .filter((field) => !sees(field.sensitivity))
    .map((field) => field.id);
}

function refuseWithheld(
  fields: readonly (FieldDefinition | undefined)[],
  sees: (label: FieldLabel) => boolean,
): void {
  for (const field of fields) {
    if (field !== undefined && !sees(field.sensitivity)) throw fieldWithheld(field.id);
  }
}
