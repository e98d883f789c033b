export { deleteBudgetMutation, putBudgetMutation } from './budget-mutations.ts';
export { budgetPagesQuery, budgetQuery, budgetsQuery } from './budgets-query.ts';
export { callQuery } from './call-query.ts';
export { clearOnPrincipalChange } from './clear-on-principal-change.ts';
export { conversationQuery } from './conversation-query.ts';
export { datasetPagesQuery, datasetQuery, datasetsQuery } from './dataset-query.ts';
export { insightQuery } from './insight-query.ts';
export {
  eraseCustomerMutation,
  type MutationParts,
  putPricesMutation,
  settlePricesMutation,
} from './mutations.ts';
export { pricesQuery } from './prices-query.ts';
export { principalKey, type QueryKey, type QuerySubject } from './query-keys.ts';
export { refreshIntervalOf } from './refresh-rule.ts';
export { sessionQuery } from './session-query.ts';
export { traceQuery } from './trace-query.ts';
