import { isProblemError } from '@tallykit/client';
import { budgetQuery, budgetsQuery } from '@tallykit/client/react-query';
import type { Budget as StoredBudget } from '@tallykit/protocol';
import type { WidgetQuestion } from '../../provider/question.ts';
import { useAnswer, type AnswerResult } from '../../provider/use-answer.ts';
import { ViewBoundary } from '../../states/ViewBoundary.tsx';
import { BudgetView } from './BudgetView.tsx';
import { selectBudget, selectBudgets, type BudgetPicture } from './select-budgets.ts';

/** What {@link Budget} takes. A budget has its own window, so it takes no range. */
export interface BudgetProps extends Pick<WidgetQuestion, 'customerId' | 'asCustomer'> {
  /** One budget by its id, which then has the card to itself. Default: all that the reader may see. */
  readonly budgetId?: string | undefined;
  /** How many budgets of a list are shown. Default: 3. */
  readonly limit?: number | undefined;
  /** Where a budget can be set; shown while there is none. */
  readonly setupHref?: string | undefined;
  /** Offered as "Change" on each budget that the reader may change. */
  readonly onEdit?: ((budget: StoredBudget) => void) | undefined;
  readonly className?: string | undefined;
}

/** As many as the server gives at once, so that those over their limit are found wherever they stand in the list. */
const asked = 500;

type AnsweredProps = Omit<BudgetProps, 'customerId' | 'asCustomer'>;

function Shown({ result, ...props }: AnsweredProps & { readonly result: AnswerResult<BudgetPicture> }) {
  const { state, error, retry } = result;
  const { budgetId, limit, setupHref, onEdit, className } = props;
  // A budget that is gone is no failure that another try could mend, and its last figures are nobody's any more.
  const gone = isProblemError(error) && error.code === 'budget_not_found';
  const shown = gone ? ({ name: 'empty' } as const) : state;
  return (
    <BudgetView
      state={shown.name === 'not_configured' ? { ...shown, href: setupHref } : shown}
      onRetry={retry}
      form={budgetId === undefined ? 'list' : 'one'}
      limit={limit}
      setupHref={setupHref}
      onEdit={onEdit && (({ budget }) => onEdit(budget))}
      className={className}
    />
  );
}

function OneConnected({ budgetId, ...props }: AnsweredProps & { readonly budgetId: string }) {
  const result = useAnswer((client) => budgetQuery(client, budgetId), selectBudget);
  return <Shown {...props} budgetId={budgetId} result={result} />;
}

function ListConnected({ customerId, asCustomer, ...props }: BudgetProps) {
  const result = useAnswer(
    (client) => budgetsQuery(client, { customerId, asCustomer, limit: asked }),
    selectBudgets,
  );
  return <Shown {...props} result={result} />;
}

/**
 * Budgets and where they stand, connected to the server: all that the reader may see, or one by its id. The server
 * decides which those are: operators see every budget and which amount it counts, customers those over their own
 * account.
 *
 * @example
 * <TallykitProvider client={client}><Budget limit={3} setupHref="/settings/budgets" /></TallykitProvider>
 */
export function Budget(props: BudgetProps) {
  const { budgetId, limit, setupHref, className } = props;
  return (
    <ViewBoundary
      widget="budget"
      card={(fallback) => (
        <BudgetView
          {...fallback}
          form={budgetId === undefined ? 'list' : 'one'}
          limit={limit}
          setupHref={setupHref}
          className={className}
        />
      )}
    >
      {budgetId === undefined ? (
        <ListConnected {...props} />
      ) : (
        <OneConnected {...props} budgetId={budgetId} />
      )}
    </ViewBoundary>
  );
}
