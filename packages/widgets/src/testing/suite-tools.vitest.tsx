import { act, render } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { SuiteTools } from './suite-tools.ts';

/** The suite's tools on Vitest, Testing Library and user-event. For this package's own tests. */
export const vitestTools: SuiteTools = {
  describe,
  it,
  expect,
  renderToString,
  render: (element, errors) =>
    render(element, errors ? { onCaughtError: (error) => errors.push(error) } : {}),
  hydrate: async (element, markup) => {
    const container = document.createElement('div');
    container.innerHTML = markup;
    document.body.append(container);
    const errors: unknown[] = [];
    const root = await act(async () =>
      hydrateRoot(container, element, { onRecoverableError: (error) => errors.push(error) }),
    );
    act(() => root.unmount());
    container.remove();
    return errors;
  },
  press: (keys) => userEvent.setup().keyboard(keys),
  focus: (element) => act(() => element.focus()),
  click: (element) => userEvent.setup().click(element),
};
