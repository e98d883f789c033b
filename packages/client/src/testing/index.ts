export { askEveryRoute, fixtureCallEvent } from './ask-every-route.ts';
export { createFixtureClient, type FixtureClientOptions } from './create-fixture-client.ts';
export { fetchFromHandlers } from './handlers/fetch-from-handlers.ts';
export { fixtureBaseUrl, fixtureHandlers, type HandlerOptions } from './handlers/fixture-handlers.ts';
export { fixtureProblems, problemResponse } from './handlers/problem-response.ts';
export {
  fixtureCustomer,
  fixtureNow,
  type FixtureOptions,
  type FixtureVariant,
  fixtureVariants,
} from './fixtures/fixture-options.ts';
export { budgetFixture, budgetsFixture } from './fixtures/budgets.ts';
export { callFixture, fixtureId, fixtureTraceId } from './fixtures/call.ts';
export { callsAnswerFixture } from './fixtures/calls-list.ts';
export { conversationFixture, fixtureConversationId } from './fixtures/conversation.ts';
export { datasetAnswerFixture, datasetCatalogueFixture } from './fixtures/datasets.ts';
export { priceRowFixture, pricesFixture } from './fixtures/prices.ts';
export { reconciliationStatusFixture } from './fixtures/reconciliation-status.ts';
export { revenueHeroFixture } from './fixtures/revenue-hero.ts';
export { sessionFixture } from './fixtures/session.ts';
export { tokenSpendFixture } from './fixtures/token-spend.ts';
export { traceFixture } from './fixtures/trace.ts';
export { usageOverTimeFixture } from './fixtures/usage-over-time.ts';
