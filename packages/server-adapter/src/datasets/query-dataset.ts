import {
  datasetQuerySchema,
  type DatasetAnswer,
  type DatasetQuery,
  type Principal,
} from '@tallykit/protocol';
import { invalidRequest } from '../http/invalid-request.ts';
import { faultsOfQuery } from './check-query.ts';
import type { AnyDataset } from './dataset-definition.ts';
import { datasetNotFound, invalidQuery, type QuestionFault } from './dataset-problems.ts';
import { datasetRange, isSupportedInstant, type DatasetRange } from './dataset-range.ts';
import { eventWindowDays } from './fact-dataset.ts';
import { refuseForeignCustomers } from './foreign-customers.ts';
import { listCalls } from './list-calls.ts';
import { queryFacts } from './query-facts.ts';
import { queryFunnel } from './query-funnel.ts';
import { queryUsage } from './query-usage.ts';
import type { Asker, Door } from './run-query.ts';
import { servedDataset } from './served-datasets.ts';

/**
 * Answers a query of one dataset. Everything that the dataset does not have is refused before anything is read.
 *
 * @example
 * await queryDataset(door, principal, 'token_usage', { measures: ['total_tokens'], dimensions: ['time', 'flow'] });
 */
export async function queryDataset(
  door: Door,
  principal: Principal,
  id: string,
  body: unknown,
): Promise<DatasetAnswer> {
  const asker = await door.enter(principal, whoIn(body));
  const dataset = servedDataset(id);
  if (!dataset) throw datasetNotFound(id);
  asker.demand(dataset.permission);
  const query = readQuery(body, dataset);
  refuseForeignCustomers(query.filters ?? [], dataset, asker);
  const timeZone = query.timeZone ?? asker.organization.timeZone;
  const asked = { query, asker, timeZone, range: rangeOf(query, { dataset, asker, timeZone }) };
  switch (dataset.shape) {
    case 'usage':
      return queryUsage(dataset, asked);
    case 'facts':
      return queryFacts(dataset, asked);
    case 'funnel':
      return queryFunnel(dataset, asked);
    case 'calls':
      return listCalls(dataset, asked);
  }
}

function rangeOf(
  query: DatasetQuery,
  { dataset, asker, timeZone }: { dataset: AnyDataset; asker: Asker; timeZone: string },
): DatasetRange {
  const range = datasetRange({
    from: query.from === undefined ? null : Date.parse(query.from),
    to: query.to === undefined ? null : Date.parse(query.to),
    timeZone,
    now: asker.now,
    defaultDays: dataset.defaultWindowDays,
    keptDays: dataset.shape === 'usage' ? asker.settings.tokenUsageWindowDays : eventWindowDays,
  });
  if (range.asked.from >= range.asked.to) {
    throw invalidQuery([{ pointer: '/from', detail: '"from" must be before "to".' }]);
  }
  return range;
}

// The shape is checked further on; nothing but a text can name a customer.
function whoIn(body: unknown): { asCustomer?: string } {
  if (typeof body !== 'object' || body === null || !('asCustomer' in body)) return {};
  return typeof body.asCustomer === 'string' && body.asCustomer !== '' ? { asCustomer: body.asCustomer } : {};
}

function readQuery(body: unknown, dataset: AnyDataset): DatasetQuery {
  const parsed = datasetQuerySchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const faults = [...faultsOfQuery(parsed.data, dataset), ...faultsOfInstants(parsed.data)];
  if (faults.length > 0) throw invalidQuery(faults);
  return parsed.data;
}

function faultsOfInstants(query: DatasetQuery): readonly QuestionFault[] {
  return (['from', 'to'] as const).flatMap((name) => {
    const instantText = query[name];
    return instantText === undefined || isSupportedInstant(Date.parse(instantText))
      ? []
      : [{ pointer: `/${name}`, detail: 'Must be between 1970 and 2199.' }];
  });
}
