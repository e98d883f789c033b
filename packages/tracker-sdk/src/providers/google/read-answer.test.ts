import { expect, test } from 'vitest';
import { modelName } from './read-answer.ts';

test.each([
  ['gemini-2.5-flash', 'gemini-2.5-flash'],
  ['models/gemini-2.5-flash', 'gemini-2.5-flash'],
  ['google/gemini-2.5-flash', 'gemini-2.5-flash'],
  ['publishers/google/models/gemini-2.5-flash', 'gemini-2.5-flash'],
  ['projects/p/locations/global/publishers/google/models/gemini-2.5-flash', 'gemini-2.5-flash'],
  ['projects/p/locations/us-central1/endpoints/42', 'endpoints/42'],
  ['tunedModels/my-model', 'tunedModels/my-model'],
  ['meta/llama-3.3-70b-instruct-maas', 'meta/llama-3.3-70b-instruct-maas'],
  ['x'.repeat(300), undefined],
  ['', undefined],
  [7, undefined],
])('the model %s is %s', (given, name) => {
  expect(modelName(given)).toBe(name);
});
