import type { ReactElement } from 'react';

/** The part of an assertion library that the widget suite uses; Vitest and Jest both have it. */
export interface Expectation {
  readonly not: Expectation;
  toBe(expected: unknown): void;
  toEqual(expected: unknown): void;
  toContain(expected: unknown): void;
  toMatch(expected: RegExp): void;
  toBeGreaterThan(expected: number): void;
}

/** What one rendering gives back. */
export interface Rendering {
  readonly container: HTMLElement;
  unmount(): void;
}

/** The test tools that the host of a suite brings along, so that the suite itself needs none. */
export interface SuiteTools {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => void | Promise<void>): void;
  expect(actual: unknown, message?: string): Expectation;
  /** `render` of Testing Library; `errors` receives what error boundaries caught. */
  render(element: ReactElement, errors?: unknown[]): Rendering;
  /** Hydrates markup of a server, takes it away again, and gives what React had to complain about. */
  hydrate(element: ReactElement, markup: string): Promise<readonly unknown[]>;
  /** `renderToString` of `react-dom/server`. */
  renderToString(element: ReactElement): string;
  /** Presses keys as a person would, in the notation of user-event: `{ArrowLeft}`. */
  press(keys: string): Promise<void>;
  click(element: Element): Promise<void>;
  /** Moves the focus as the tab key would. */
  focus(element: HTMLElement): void;
}
