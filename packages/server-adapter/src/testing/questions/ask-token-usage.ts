import {
  datasetAnswerSchema,
  type DatasetAnswer,
  type DatasetQuery,
  type Principal,
} from '@tallykit/protocol';
import { expect } from 'vitest';
import { queryDataset } from '../../datasets/query-dataset.ts';
import { operator, type QuestionStand } from './question-stand.ts';

/** Asks `token_usage` and checks the answer against its wire shape, which holds all of it. */
export async function askTokenUsage(
  { door }: Pick<QuestionStand, 'door'>,
  query: DatasetQuery,
  principal: Principal = operator,
): Promise<DatasetAnswer> {
  const answer = await queryDataset(door, principal, 'token_usage', query);
  expect(datasetAnswerSchema.parse(answer)).toEqual(answer);
  return answer;
}
