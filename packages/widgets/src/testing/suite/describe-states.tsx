import type { WidgetState } from '../../states/widget-state.ts';
import { plainStates } from '../fixtures/widget-fixture.tsx';
import type { SuiteTools } from '../suite-tools.ts';
import type { WidgetSubject } from '../widget-subject.ts';
import { find, textOf } from './find.ts';

/** Each state has its name, its words and the anatomy of the card. */
export function describeStates<Picture>(tools: SuiteTools, subject: WidgetSubject<Picture>): void {
  const { it, expect, render } = tools;
  const { View, states, widget } = subject;
  const all: Readonly<Record<string, WidgetState<Picture>>> = { ...states, ...plainStates };

  for (const [name, state] of Object.entries(all)) {
    it(`keeps its anatomy in the state "${name}"`, () => {
      const { container } = render(<View state={state} />);
      const article = find(container, 'article');
      expect(article.dataset['tkWidget']).toBe(widget);
      expect(article.dataset['tkState']).toBe(state.name);
      expect([...find(article, '.tk-card').children].map((part) => part.className)).toEqual([
        'tk-header',
        'tk-body',
        'tk-footer',
      ]);
      expect(textOf(find(article, '[role="heading"]'))).not.toBe('');
      expect(article.getAttribute('aria-busy')).toBe(String(state.name === 'loading'));
    });
  }

  it('shows no figure while it is loading', () => {
    const { container } = render(<View state={{ name: 'loading' }} />);
    expect(textOf(find(container, '.tk-body'))).not.toMatch(/\d/);
  });

  it('shows a dash and never a zero while there is no data', () => {
    const { container } = render(<View state={states.empty} />);
    const body = textOf(find(container, '.tk-body'));
    expect(body).toContain('–');
    expect(body).not.toMatch(/(^|[^\d])0([^\d]|$)/);
  });

  it('says when calls without a price are missing', () => {
    const { container } = render(<View state={states.partial} />);
    expect(textOf(container)).toMatch(subject.partialText);
  });

  it('says since when it has not been renewed, and keeps the figures', () => {
    const { container } = render(<View state={states.stale} />);
    expect(textOf(find(container, '.tk-header'))).toContain('not updated since');
    expect(textOf(find(container, '.tk-body'))).toMatch(/\d/);
  });

  it('shows no amount where amounts are withheld', () => {
    const { container } = render(<View state={states.withheld} />);
    expect(textOf(container)).not.toMatch(/[$€]\s?\d/);
  });

  it('leads to where it is set up', () => {
    const { container } = render(<View state={{ name: 'not_configured', href: '/setup' }} />);
    expect(find(container, '.tk-body a').getAttribute('href')).toBe('/setup');
  });

  it('shows nothing but words to a reader who is denied', () => {
    for (const reason of ['role', 'session'] as const) {
      const { container, unmount } = render(<View state={{ name: 'denied', reason }} />);
      expect(textOf(container)).not.toMatch(/\d/);
      expect(
        container.querySelectorAll('.tk-body button, [role="slider"], [role="grid"], [role="meter"]').length,
      ).toBe(0);
      unmount();
    }
  });

  it('names the code of a failure and tries again when asked to', async () => {
    let retries = 0;
    const { container } = render(
      <View
        state={{ name: 'failed', code: 'timeout' }}
        onRetry={() => {
          retries += 1;
        }}
      />,
    );
    expect(textOf(find(container, '.tk-body'))).toContain('timeout');
    await tools.click(find(container, '.tk-body button'));
    expect(retries).toBe(1);
  });

  it('has ids of its own when it stands twice on a page', () => {
    const { container } = render(
      <>
        <View state={states.ready} />
        <View state={states.ready} />
      </>,
    );
    const ids = [...container.querySelectorAll('[id]')].map((element) => element.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
}
