import {
  filterOperators,
  grains,
  identifierSchema,
  instantSchema,
  timeZoneSchema,
  usageGroups,
  type DatasetFilter,
  type FilterOperator,
  type Grain,
  type UsageGroup,
} from '@tallykit/protocol';
import { isSupportedInstant } from '../datasets/dataset-range.ts';
import type { Who } from '../datasets/question.ts';
import { invalidParameters, type ParameterFault } from './insight-problems.ts';

/** Parameters that insights may have. */
export type ParameterName =
  | 'from'
  | 'to'
  | 'month'
  | 'timeZone'
  | 'grain'
  | 'groupBy'
  | 'filter'
  | 'top'
  | 'orderBy'
  | 'customerId'
  | 'asCustomer'
  | 'environment';

/** What makes a group large. */
export const rankings = ['cost', 'tokens', 'calls'] as const;

/** One of {@link rankings}. */
export type Ranking = (typeof rankings)[number];

/** Checked parameters; null where one was not given. Instants are Unix milliseconds. */
export interface InsightParameters {
  readonly from: number | null;
  readonly to: number | null;
  /** `2026-11`, instead of `from` and `to`. */
  readonly month: string | null;
  readonly timeZone: string | null;
  readonly grain: Grain | null;
  readonly groupBy: UsageGroup | null;
  readonly filters: readonly DatasetFilter[];
  readonly top: number | null;
  readonly orderBy: Ranking | null;
  readonly environment: string | null;
}

/** Groups with a series of their own, at most. */
export const maxTop = 20;

/** Whose figures the parameters ask for; rights are checked before anything else is. */
export function readWho(query: URLSearchParams): Who {
  return {
    asCustomer: query.get('asCustomer') || undefined,
    customerId: query.get('customerId') || undefined,
  };
}

/**
 * Checks the query parameters of an insight. Everything that is wrong is told at once: a parameter that the insight does
 * not have, one given twice, and values that make no sense.
 */
export function readParameters(
  query: URLSearchParams,
  accepted: readonly ParameterName[],
): InsightParameters {
  const faults: ParameterFault[] = faultsOfNames(query, accepted);
  const read = <Value>(
    name: ParameterName,
    parse: (text: string) => Value | null,
    wanted: string,
  ): Value | null => {
    const text = query.get(name);
    if (text === null) return null;
    const value = text === '' ? null : parse(text);
    if (value === null && !faults.some(({ pointer }) => pointer === name)) {
      faults.push({ pointer: name, detail: `Must be ${wanted}.` });
    }
    return value;
  };
  const identifier = (text: string): string | null =>
    identifierSchema.safeParse(text).success ? text : null;
  read('customerId', identifier, 'the id of a customer');
  read('asCustomer', identifier, 'the id of a customer');
  const parameters: InsightParameters = {
    from: read('from', parseInstant, 'an instant in UTC from 1970 to 2199, for example 2026-11-01T00:00:00Z'),
    to: read('to', parseInstant, 'an instant in UTC from 1970 to 2199, for example 2026-12-01T00:00:00Z'),
    month: read('month', parseMonth, 'a month, for example 2026-11'),
    timeZone: read('timeZone', parseTimeZone, 'the name of an IANA time zone, for example Europe/Berlin'),
    grain: read('grain', oneOf(grains), `one of ${grains.join(', ')}`),
    groupBy: read('groupBy', oneOf(usageGroups), `one of ${usageGroups.join(', ')}`),
    top: read('top', parseTop, `a whole number from 1 to ${maxTop}`),
    orderBy: read('orderBy', oneOf(rankings), `one of ${rankings.join(', ')}`),
    environment: read('environment', identifier, 'the name of an environment'),
    filters: query.getAll('filter').flatMap((text) => parseFilter(text) ?? []),
  };
  if (query.getAll('filter').some((text) => parseFilter(text) === null)) {
    faults.push({
      pointer: 'filter',
      detail: `Must be field:operator:value, for example flow:eq:triage; operators are ${filterOperators.join(', ')}.`,
    });
  }
  if (parameters.month !== null && (parameters.from !== null || parameters.to !== null)) {
    faults.push({ pointer: 'month', detail: 'Give either a month, or from and to.' });
  }
  if (faults.length > 0) throw invalidParameters(faults);
  return parameters;
}

function faultsOfNames(query: URLSearchParams, accepted: readonly ParameterName[]): ParameterFault[] {
  const names = [...new Set(query.keys())];
  return names.flatMap((name) => {
    if (!accepted.some((known) => known === name)) {
      return [{ pointer: name, detail: `Unknown here; the parameters are ${accepted.join(', ')}.` }];
    }
    return name !== 'filter' && query.getAll(name).length > 1
      ? [{ pointer: name, detail: 'Given twice.' }]
      : [];
  });
}

function parseInstant(text: string): number | null {
  return instantSchema.safeParse(text).success && isSupportedInstant(Date.parse(text))
    ? Date.parse(text)
    : null;
}

function parseMonth(text: string): string | null {
  return /^(19[7-9]|2[01]\d)\d-(0[1-9]|1[0-2])$/.test(text) ? text : null;
}

function parseTimeZone(text: string): string | null {
  return timeZoneSchema.safeParse(text).success ? text : null;
}

function parseTop(text: string): number | null {
  const top = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return top >= 1 && top <= maxTop ? top : null;
}

function oneOf<const Values extends readonly string[]>(values: Values) {
  return (text: string): Values[number] | null => values.find((value) => value === text) ?? null;
}

function parseFilter(text: string): DatasetFilter | null {
  const [, field, operatorText, rest] = /^([a-z_]+):([A-Za-z]+)(?::(.*))?$/s.exec(text) ?? [];
  const operator: FilterOperator | undefined = filterOperators.find((known) => known === operatorText);
  if (field === undefined || operator === undefined) return null;
  if (rest === undefined) return { field, operator };
  return { field, operator, values: operator === 'in' ? rest.split(',') : [rest] };
}
