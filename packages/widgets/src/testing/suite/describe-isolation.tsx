import { TallykitSettingsProvider } from '../../provider/TallykitSettingsProvider.tsx';
import type { WidgetFailure } from '../../provider/settings.ts';
import type { WidgetState } from '../../states/widget-state.ts';
import type { SuiteTools } from '../suite-tools.ts';
import type { WidgetSubject } from '../widget-subject.ts';
import { find, textOf } from './find.ts';

const explosion = new Error('planted in a picture');

/** A picture that breaks whoever looks at it. */
function explosive<Picture>(): WidgetState<Picture> {
  const picture = new Proxy({} as Picture & object, {
    get: () => {
      throw explosion;
    },
  });
  return { name: 'ready', picture };
}

/** What goes wrong inside stays inside. */
export function describeIsolation<Picture>(tools: SuiteTools, subject: WidgetSubject<Picture>): void {
  const { it, expect, render, renderToString, click } = tools;
  const { View, states, widget } = subject;

  it('keeps an error to itself, tells the host, and recovers', async () => {
    const failures: WidgetFailure[] = [];
    const caught: unknown[] = [];
    const page = (state: WidgetState<Picture>) => (
      <TallykitSettingsProvider onFailure={(failure) => failures.push(failure)}>
        <p id="host">the page around</p>
        <View state={state} />
      </TallykitSettingsProvider>
    );
    const { container } = render(page(explosive()), caught);
    expect(textOf(find(container, '#host'))).toBe('the page around');
    expect(find(container, 'article').dataset['tkState']).toBe('failed');
    expect(failures.map((failure) => failure.error)).toEqual([explosion]);
    expect(failures[0]?.widget).toBe(widget);
    await click(find(container, '.tk-body button'));
    expect(failures.length).toBe(2);
  });

  it('survives a host whose own error log breaks', () => {
    const { container } = render(
      <TallykitSettingsProvider
        onFailure={() => {
          throw new Error('planted in the log');
        }}
      >
        <View state={explosive()} />
      </TallykitSettingsProvider>,
      [],
    );
    expect(find(container, 'article').dataset['tkState']).toBe('failed');
  });

  it('does not break a page on the server', () => {
    const markup = renderToString(
      <main>
        <h1>Host</h1>
        <View state={explosive()} />
      </main>,
    );
    expect(markup).toContain('<h1>Host</h1>');
    expect(markup).toContain('data-tk-state="loading"');
  });

  it('puts nothing outside of its own element and adds the host’s class to it', () => {
    const { container } = render(<View state={states.ready} className="host-card" />);
    expect(container.children.length).toBe(1);
    expect(find(container, 'article').classList.contains('host-card')).toBe(true);
    for (const element of container.querySelectorAll('[class]')) {
      for (const name of element.classList) expect(name).toMatch(/^(tk-|host-card$)/);
    }
  });
}
