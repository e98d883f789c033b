/** The first element that a selector finds. Throws when there is none, so that a test says what is missing. */
export function find(container: ParentNode, selector: string): HTMLElement {
  const found = container.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`There is no ${selector} in the widget.`);
  return found;
}

/** The text of an element as a person reads it. */
export function textOf(element: Element): string {
  return (element.textContent ?? '').replace(/\s+/g, ' ').trim();
}

/** What a table says: its column names and its rows, cell by cell. */
export function tableOf(container: ParentNode): {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  const table = find(container, '.tk-table');
  return {
    columns: [...table.querySelectorAll('thead th')].map(textOf),
    rows: [...table.querySelectorAll('tbody tr')].map((row) => [...row.children].map(textOf)),
  };
}
