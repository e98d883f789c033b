import { QueryClient, dehydrate, hydrate } from '@tanstack/react-query';
import { createFixtureClient, fixtureNow } from '@tallykit/client/testing';
import { insightQuery } from '@tallykit/client/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { StrictMode, type ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import {
  ReconciliationStatus,
  RevenueHero,
  TallykitProvider,
  TokenSpendKpi,
  UsageChart,
  type WidgetFailure,
} from '../index.ts';

type FixtureOptions = NonNullable<Parameters<typeof createFixtureClient>[0]>;

const widgets: Readonly<Record<string, ReactNode>> = {
  'token-spend-kpi': <TokenSpendKpi />,
  'usage-chart': <UsageChart />,
  'revenue-hero': <RevenueHero />,
  'reconciliation-status': <ReconciliationStatus />,
};

function show(children: ReactNode, options: FixtureOptions = {}, now = fixtureNow) {
  const asked: URL[] = [];
  const client = createFixtureClient(options);
  const { get } = client.insights;
  client.insights.get = (id, params, request) => {
    asked.push(new URL(`https://x/${id}?${new URLSearchParams(params as Record<string, string>)}`));
    return get(id, params, request);
  };
  const page = render(
    <StrictMode>
      <TallykitProvider client={client} now={() => now}>
        {children}
      </TallykitProvider>
    </StrictMode>,
  );
  return { ...page, client, asked };
}

const stateOf = (container: HTMLElement): string | undefined =>
  container.querySelector<HTMLElement>('article')?.dataset['tkState'];

describe.each(Object.entries(widgets))('%s, connected', (name, widget) => {
  it('shows the server’s answer', async () => {
    const { container } = show(widget);
    expect(stateOf(container)).toBe('loading');
    await waitFor(() => expect(stateOf(container)).not.toBe('loading'));
    expect(['ready', 'partial']).toContain(stateOf(container));
    expect(container.querySelector('.tk-body')?.textContent).toMatch(/\d/);
  });

  it('shows a member that these figures are not for them', async () => {
    const { container } = show(widget, { behaviour: 'denied' });
    await waitFor(() => expect(stateOf(container)).toBe('denied'));
  });

  it('asks to sign in again when the session has ended', async () => {
    const { container } = show(widget, { behaviour: 'unauthenticated' });
    await screen.findByText('Your session has ended');
    expect(stateOf(container)).toBe('denied');
  });

  it('shows a failure with its code, and the figures after another try', async () => {
    const { container, client } = show(widget, { behaviour: 'failed' });
    await waitFor(() => expect(stateOf(container)).toBe('failed'));
    expect(container.textContent).toContain('internal_error');
    const working = createFixtureClient();
    client.insights.get = (id, params, request) =>
      working.insights.get(id, params, { ...request, principal: undefined });
    await userEvent.setup().click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(['ready', 'partial']).toContain(stateOf(container)));
  });

  it('shows that nothing was recorded', async () => {
    const { container } = show(widget, { variant: 'empty' });
    await waitFor(() => expect(stateOf(container)).toBe('empty'));
  });

  it('drops what it knows when somebody else signs in', async () => {
    const { container, client } = show(widget);
    await waitFor(() => expect(stateOf(container)).not.toBe('loading'));
    client.insights.get = () => new Promise(() => undefined);
    client.session.change('somebody else');
    await waitFor(() => expect(stateOf(container)).toBe('loading'));
  });

  it('fails alone, with a hint for the developer, outside of a provider', () => {
    const failures: WidgetFailure[] = [];
    const { container } = render(
      <>
        <p>host</p>
        {widget}
      </>,
      { onCaughtError: (error) => failures.push({ widget: name, error }) },
    );
    expect(screen.getByText('host')).toBeTruthy();
    expect(stateOf(container)).toBe('failed');
    expect(String(failures[0]?.error)).toContain('outside of TallykitProvider');
  });

  it('renders on a server as loading, or with figures that were fetched there', async () => {
    const client = createFixtureClient();
    const empty = renderToString(<TallykitProvider client={client}>{widget}</TallykitProvider>);
    expect(empty).toContain('data-tk-state="loading"');
  });
});

describe('TokenSpendKpi', () => {
  it('is stale when the server has heard nothing for hours', async () => {
    const { container } = show(<TokenSpendKpi />, { variant: 'stale' });
    await waitFor(() => expect(stateOf(container)).toBe('stale'));
  });

  it('says which share of the calls has no price yet', async () => {
    const { container } = show(<TokenSpendKpi />, { variant: 'pending' });
    await waitFor(() => expect(stateOf(container)).toBe('partial'));
    expect(container.textContent).toMatch(/% pending/);
  });

  it('asks for the range, customer and zone that it was given', async () => {
    const { asked } = show(
      <TokenSpendKpi
        from="2026-11-01T00:00:00Z"
        to="2026-11-08T00:00:00Z"
        customerId="cus_42"
        environment="production"
      />,
    );
    await waitFor(() => expect(asked.length).toBeGreaterThan(0));
    expect(asked[0]?.searchParams.get('from')).toBe('2026-11-01T00:00:00Z');
    expect(asked[0]?.searchParams.get('customerId')).toBe('cus_42');
    expect(asked[0]?.searchParams.get('environment')).toBe('production');
  });

  it('shows figures that were fetched on a server at once', async () => {
    const client = createFixtureClient();
    const onServer = new QueryClient();
    const params = { from: undefined, to: undefined, customerId: undefined, asCustomer: undefined };
    await onServer.prefetchQuery(insightQuery(client, 'token-spend', params));
    const inBrowser = new QueryClient();
    hydrate(inBrowser, dehydrate(onServer));
    const markup = renderToString(
      <TallykitProvider client={client} queryClient={inBrowser} now={() => fixtureNow}>
        <TokenSpendKpi />
      </TallykitProvider>,
    );
    expect(markup).toContain('data-tk-state="ready"');
  });
});

describe('UsageChart', () => {
  it('asks again for another group and step, and keeps the picture meanwhile', async () => {
    const { container, asked } = show(<UsageChart from="2026-11-01T00:00:00Z" />);
    await waitFor(() => expect(stateOf(container)).toBe('ready'));
    const user = userEvent.setup();
    await user.selectOptions(screen.getByLabelText('Group by'), 'flow');
    expect(stateOf(container)).toBe('ready');
    await screen.findByText('Usage cost by flow');
    await user.selectOptions(screen.getByLabelText('Step'), 'week');
    await waitFor(() => expect(asked.at(-1)?.searchParams.get('grain')).toBe('week'));
    expect(asked.at(-1)?.searchParams.get('groupBy')).toBe('flow');
  });

  it('changes what is counted without asking again', async () => {
    const { container, asked } = show(<UsageChart />);
    await waitFor(() => expect(stateOf(container)).toBe('ready'));
    const before = asked.length;
    const measures = within(screen.getByRole('group', { name: 'Show' }));
    await userEvent.setup().click(measures.getByRole('button', { name: 'Tokens' }));
    expect(measures.getByRole('button', { name: 'Tokens' }).getAttribute('aria-pressed')).toBe('true');
    expect(screen.getByRole('heading').textContent).toBe('Tokens by model');
    expect(screen.getByRole('slider').getAttribute('aria-valuetext')).not.toContain('$');
    expect(asked.length).toBe(before);
  });

  it('never asks for more series than it has colours for', async () => {
    const { asked } = show(<UsageChart top={12} />);
    await waitFor(() => expect(asked.length).toBeGreaterThan(0));
    expect(asked[0]?.searchParams.get('top')).toBe('5');
  });
});

describe('ReconciliationStatus', () => {
  it('leads an operator to where it is set up', async () => {
    const { container } = show(<ReconciliationStatus setupHref="/settings/providers" />, {
      variant: 'notConfigured',
    });
    await waitFor(() => expect(stateOf(container)).toBe('not_configured'));
    expect(screen.getByRole('link').getAttribute('href')).toBe('/settings/providers');
  });

  it('shows a customer state, period and coverage, and no amount', async () => {
    const { container } = show(<ReconciliationStatus form="customer" />, { visibility: 'customer' });
    await waitFor(() => expect(stateOf(container)).toBe('ready'));
    expect(container.textContent).toMatch(/of provider usage matched/);
    expect(container.textContent).not.toContain('$');
    expect(screen.queryByRole('grid')).toBeNull();
  });
});
