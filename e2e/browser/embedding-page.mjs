// A host's page, as a host would write it: the widgets of one customer, with a token from the host's own backend.
import { createClient } from '@tallykit/client';
import {
  ReconciliationStatus,
  RevenueHero,
  TallykitProvider,
  TokenSpendKpi,
  UsageChart,
} from '@tallykit/widgets';
import { createElement, Fragment } from 'react';
import { createRoot } from 'react-dom/client';

const client = createClient({
  baseUrl: document.documentElement.dataset.tallykit,
  retry: false,
  getSession: async ({ signal }) => {
    const answer = await fetch('/session', { method: 'POST', signal });
    if (!answer.ok) throw new Error(`The host answered ${answer.status}.`);
    return answer.json();
  },
});

const widgets = [TokenSpendKpi, UsageChart, RevenueHero, ReconciliationStatus];
const cards = widgets.map((widget) => createElement(widget, { key: widget.name }));
createRoot(document.getElementById('widgets')).render(
  createElement(TallykitProvider, { client, theme: 'light' }, createElement(Fragment, null, cards)),
);
