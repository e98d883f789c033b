import { render, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { TableTwin } from './TableTwin.tsx';

it('names its rows and columns for screen readers, and can be scrolled by keyboard', () => {
  render(
    <TableTwin
      caption="Spend over time"
      columns={['Day', 'Spend']}
      rows={[{ name: '20 Nov', cells: ['$4.00'], note: 'still open' }]}
    />,
  );
  const scroller = screen.getByRole('group', { name: 'Spend over time' });
  expect(scroller.tabIndex).toBe(0);
  const table = within(screen.getByRole('table', { name: 'Spend over time' }));
  expect(table.getAllByRole('columnheader').map((header) => header.textContent)).toEqual(['Day', 'Spend']);
  expect(table.getByRole('rowheader', { name: /^20 Nov\s+still open$/ })).toBeTruthy();
});
