import type { EventField } from '../storage/contract/event-fields.ts';
import type { FactAggregate, FactPlan } from '../storage/contract/read-plan.ts';
import { dimensionOf, filteredDimension, type MeasureDefinition } from './dataset-definition.ts';
import type { EventSettings, FactMeasureSource } from './fact-dataset.ts';
import { maxPlanRows } from './plan-usage.ts';
import type { FactQuestion } from './question.ts';

/** The reads that answer one question about events of a kind. */
export interface FactPlans {
  readonly figures: FactPlan;
  /** Money, always by currency: what is distinct cannot be added over currencies, so it is never read here. */
  readonly amounts: FactPlan | null;
}

function isMoney({ source }: MeasureDefinition<FactMeasureSource>): boolean {
  return source.kind === 'amount' || source.kind === 'amount_quotient';
}

function figuresOf(
  { dataset }: FactQuestion,
  settings: EventSettings,
  measures: readonly MeasureDefinition<FactMeasureSource>[],
): Readonly<Record<string, FactAggregate>> {
  const names = measures.flatMap(({ source }) => ('per' in source ? [source.of, source.per] : [source.of]));
  const figures = { ...dataset.facts.figures, ...dataset.facts.settledBy?.(settings) };
  return Object.fromEntries(
    [...new Set(names)].map((name) => {
      const figure = figures[name];
      if (figure === undefined) throw new TypeError(`${dataset.id} has no figure "${name}".`);
      return [name, figure];
    }),
  );
}

/** The fields of the fact that a question is cut by, `time` left out. */
export function fieldsCut({ dataset, dimensions }: FactQuestion): readonly EventField[] {
  return dimensions
    .map((id) => dimensionOf(dataset, id)?.reads)
    .filter((reads) => reads !== undefined && reads !== 'time');
}

/** Turns a question, without its withheld fields, into frozen plans. */
export function planFacts(
  question: FactQuestion,
  measures: readonly MeasureDefinition<FactMeasureSource>[],
  settings: EventSettings,
): FactPlans {
  const { dataset, grain, timeZone, range } = question;
  const dimensions = fieldsCut(question);
  const shared = {
    kind: 'facts',
    of: dataset.facts.of,
    standing: dataset.facts.standing,
    range,
    bucket: question.dimensions.includes('time') ? { grain, timeZone } : null,
    filters: question.filters.map(({ field, operator, values = [] }) => {
      const reads = filteredDimension(dataset, field)?.reads;
      if (reads === undefined || reads === 'time') {
        throw new TypeError(`The filter "${field}" of ${dataset.id} reads no field of the event.`);
      }
      return { field: reads, operator, values };
    }),
    limit: maxPlanRows + 1,
  } as const;
  const money = measures.filter(isMoney);
  return {
    figures: Object.freeze({
      ...shared,
      dimensions,
      measures: figuresOf(
        question,
        settings,
        measures.filter((measure) => !isMoney(measure)),
      ),
    }),
    amounts:
      money.length === 0
        ? null
        : Object.freeze({
            ...shared,
            dimensions: dimensions.includes('currency') ? dimensions : [...dimensions, 'currency' as const],
            measures: figuresOf(question, settings, money),
          }),
  };
}
