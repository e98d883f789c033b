import type { WidgetState } from '../../states/widget-state.ts';
import { plainStates } from '../fixtures/widget-fixture.tsx';
import type { SuiteTools } from '../suite-tools.ts';
import type { WidgetSubject } from '../widget-subject.ts';

/** A server can render it, and a browser takes that over as it is. */
export function describeServerRendering<Picture>(tools: SuiteTools, subject: WidgetSubject<Picture>): void {
  const { it, expect, renderToString } = tools;
  const { View, states } = subject;
  const all: Readonly<Record<string, WidgetState<Picture>>> = { ...states, ...plainStates };

  it('renders on a server without a style attribute, which a strict content security policy forbids', () => {
    for (const state of Object.values(all)) {
      const markup = renderToString(<View state={state} />);
      expect(markup).toContain(`data-tk-state="${state.name}"`);
      expect(markup).not.toMatch(/\sstyle=/);
      expect(markup).not.toContain('<style');
    }
  });

  it('is the same in the browser as on the server', async () => {
    for (const state of Object.values(all)) {
      const element = <View state={state} />;
      expect(await tools.hydrate(element, renderToString(element))).toEqual([]);
    }
  });
}
