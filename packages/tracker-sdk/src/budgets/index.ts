export { budgets, type BudgetOptions, type BudgetRefusal } from './budgets.ts';
