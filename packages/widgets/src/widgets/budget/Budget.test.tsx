import { createFixtureClient, fixtureNow } from '@tallykit/client/testing';
import { ProblemError } from '@tallykit/client';
import { budgetsQuery } from '@tallykit/client/react-query';
import { dehydrate, hydrate, QueryClient } from '@tanstack/react-query';
import { act, render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { StrictMode, type ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { TallykitProvider } from '../../provider/TallykitProvider.tsx';
import { Budget } from './Budget.tsx';

type FixtureOptions = NonNullable<Parameters<typeof createFixtureClient>[0]>;

function show(children: ReactNode, options: FixtureOptions = {}) {
  const asked: object[] = [];
  const client = createFixtureClient(options);
  const queryClient = new QueryClient();
  const { list } = client.budgets;
  client.budgets.list = (params, request) => {
    asked.push(params ?? {});
    return list(params, request);
  };
  const page = render(
    <StrictMode>
      <TallykitProvider client={client} queryClient={queryClient} now={() => fixtureNow}>
        {children}
      </TallykitProvider>
    </StrictMode>,
  );
  return { ...page, client, queryClient, asked };
}

const stateOf = (container: HTMLElement): string | undefined =>
  container.querySelector<HTMLElement>('article')?.dataset['tkState'];

const notFound = new ProblemError({
  type: 'about:blank',
  title: 'Budget not found',
  status: 404,
  code: 'budget_not_found',
  detail: 'Planted.',
});

const forms: Readonly<Record<string, ReactNode>> = {
  'a list': <Budget />,
  'one budget': <Budget budgetId="harbor-month" />,
};

describe.each(Object.entries(forms))('Budget, connected, as %s,', (_, widget) => {
  it('shows the server’s answer', async () => {
    const { container } = show(widget);
    expect(stateOf(container)).toBe('loading');
    await waitFor(() => expect(stateOf(container)).toBe('ready'));
    expect(container.textContent).toContain('$341.21');
  });

  it('says which calls are missing', async () => {
    const { container } = show(widget, { variant: 'pending' });
    await waitFor(() => expect(stateOf(container)).toBe('partial'));
    expect(container.textContent).toContain('without 118 calls whose cost is not known yet');
  });

  it('is stale when the server has heard nothing for hours', async () => {
    const { container } = show(widget, { variant: 'stale' });
    await waitFor(() => expect(stateOf(container)).toBe('stale'));
  });

  it('tells a refused reader why', async () => {
    const denied = show(widget, { behaviour: 'denied' });
    await waitFor(() => expect(stateOf(denied.container)).toBe('denied'));
    denied.unmount();
    show(widget, { behaviour: 'unauthenticated' });
    await screen.findByText('Your session has ended');
  });

  it('shows a failure with its code, and the budgets after another try', async () => {
    const { container, client } = show(widget, { behaviour: 'failed' });
    await waitFor(() => expect(stateOf(container)).toBe('failed'));
    expect(container.textContent).toContain('internal_error');
    const working = createFixtureClient();
    client.budgets.list = (params) => working.budgets.list(params);
    client.budgets.get = (id) => working.budgets.get(id);
    await userEvent.setup().click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(stateOf(container)).toBe('ready'));
  });

  it('drops what it knows when somebody else signs in', async () => {
    const { container, client } = show(widget);
    await waitFor(() => expect(stateOf(container)).toBe('ready'));
    client.budgets.list = () => new Promise(() => undefined);
    client.budgets.get = () => new Promise(() => undefined);
    act(() => client.session.change('somebody else'));
    await waitFor(() => expect(stateOf(container)).toBe('loading'));
    expect(container.textContent).not.toContain('$');
  });

  it('renders on a server as loading, in the size that it will have', () => {
    const markup = renderToString(
      <TallykitProvider client={createFixtureClient()}>{widget}</TallykitProvider>,
    );
    expect(markup).toContain('data-tk-state="loading"');
    expect(markup).toContain('tk-budget-room-');
  });
});

describe('Budget', () => {
  it('asks for one customer, or as that customer, and for all of its budgets at once', async () => {
    const { asked } = show(<Budget customerId="cus_42" limit={2} />);
    await waitFor(() => expect(asked.length).toBeGreaterThan(0));
    expect(asked[0]).toEqual({ customerId: 'cus_42', asCustomer: undefined, limit: 500 });
  });

  it('shows budgets that were fetched on a server at once', async () => {
    const client = createFixtureClient();
    const onServer = new QueryClient();
    await onServer.prefetchQuery(budgetsQuery(client, { limit: 500 }));
    const inBrowser = new QueryClient();
    hydrate(inBrowser, dehydrate(onServer));
    const markup = renderToString(
      <TallykitProvider client={client} queryClient={inBrowser} now={() => fixtureNow}>
        <Budget />
      </TallykitProvider>,
    );
    expect(markup).toContain('data-tk-state="ready"');
  });

  it('asks for one budget by its id alone', async () => {
    const { asked, container } = show(<Budget budgetId="harbor-tokens" />);
    await waitFor(() => expect(stateOf(container)).toBe('ready'));
    expect(screen.getByRole('heading').textContent).toBe('Tokens of a day');
    expect(asked).toEqual([]);
  });

  it('shows operators which amount counts, and customers only what is theirs', async () => {
    const operator = show(<Budget />);
    await waitFor(() => expect(stateOf(operator.container)).toBe('ready'));
    expect(operator.container.textContent).toContain('counts what is charged');
    expect(operator.container.textContent).toContain('counts your own cost');
    expect(operator.container.textContent).toContain('Replies, a week');
    operator.unmount();
    const customer = show(<Budget />, { visibility: 'customer' });
    await waitFor(() => expect(stateOf(customer.container)).toBe('ready'));
    expect(customer.container.textContent).not.toMatch(/counts|Replies, a week/);
  });

  it('shows that no budget is set, with the way to one', async () => {
    const { container } = show(<Budget setupHref="/settings/budgets" />, { variant: 'empty' });
    await waitFor(() => expect(stateOf(container)).toBe('empty'));
    expect(screen.getByRole('link').getAttribute('href')).toBe('/settings/budgets');
  });

  it('leads to the set-up where the server has none', async () => {
    const { container } = show(<Budget setupHref="/settings/budgets" />, { behaviour: 'notConfigured' });
    await waitFor(() => expect(stateOf(container)).toBe('not_configured'));
    expect(screen.getByRole('link').getAttribute('href')).toBe('/settings/budgets');
  });

  it('shows a budget that is gone as none, without its last figures', async () => {
    const { container, client, queryClient } = show(<Budget budgetId="harbor-month" />);
    await waitFor(() => expect(stateOf(container)).toBe('ready'));
    client.budgets.get = () => Promise.reject(notFound);
    await act(() => queryClient.invalidateQueries());
    await waitFor(() => expect(stateOf(container)).toBe('empty'));
    expect(container.textContent).not.toContain('$341.21');
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });

  it('hands the budget to the host when the reader wants to change it', async () => {
    const edited: string[] = [];
    const { container } = show(<Budget onEdit={({ id }) => edited.push(id)} />, { visibility: 'customer' });
    await waitFor(() => expect(stateOf(container)).toBe('ready'));
    await userEvent.setup().click(screen.getByRole('button', { name: 'Change, Tokens of a day' }));
    expect(edited).toEqual(['harbor-tokens']);
    expect(screen.getAllByRole('button', { name: /^Change/ }).length).toBe(1);
  });
});
