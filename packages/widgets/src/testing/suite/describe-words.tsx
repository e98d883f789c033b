import { english, type MessageId, type Messages } from '../../messages/english.ts';
import type { Message } from '../../messages/message.ts';
import { TallykitSettingsProvider } from '../../provider/TallykitSettingsProvider.tsx';
import type { WidgetState } from '../../states/widget-state.ts';
import { plainStates } from '../fixtures/widget-fixture.tsx';
import type { SuiteTools } from '../suite-tools.ts';
import type { WidgetSubject } from '../widget-subject.ts';
import { find } from './find.ts';

/** What `Intl` itself writes in English: months, weekdays, day periods, units of thousands. */
const intlWords =
  /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(uary|ruary|ch|il|e|y|ust|tember|ober|ember)?\b|\b(Sun|Mon|Tue|Wed|Thu|Fri|Sat)\b|\b[AP]M\b|(?<=\d)[KMBT]\b/g;

/** Only the filled-in values of a text, so that every word that is still to be seen comes from somewhere else. */
function onlyValues(message: Message): Message {
  const values = (text: string): string => (text.match(/\{[a-z]+\}/g) ?? []).join(' ');
  if (typeof message === 'string') return values(message);
  return { other: values(message.other) };
}

const wordless = Object.fromEntries(
  Object.entries(english).map(([id, message]) => [id as MessageId, onlyValues(message)]),
) as unknown as Messages;

/** Everything that a person may read or hear. */
function allText(container: HTMLElement): string {
  const attributes = ['aria-label', 'aria-valuetext', 'aria-roledescription', 'title', 'alt', 'placeholder'];
  const spoken = attributes.flatMap((name) =>
    [...container.querySelectorAll(`[${name}]`)].map((element) => element.getAttribute(name) ?? ''),
  );
  const walker = document.createTreeWalker(container, 4);
  const written: string[] = [];
  while (walker.nextNode()) written.push(walker.currentNode.textContent ?? '');
  return [...written, ...spoken].join(' \n ');
}

/** Every text can be replaced, and formats follow the locale. */
export function describeWords<Picture>(tools: SuiteTools, subject: WidgetSubject<Picture>): void {
  const { it, expect, render } = tools;
  const { View, states } = subject;
  const all: Readonly<Record<string, WidgetState<Picture>>> = { ...states, ...plainStates };

  for (const [name, state] of Object.entries(all)) {
    it(`has no word in the state "${name}" that a host cannot replace`, async () => {
      const { container } = render(
        <TallykitSettingsProvider messages={wordless}>
          <View state={state} onRetry={() => undefined} />
        </TallykitSettingsProvider>,
      );
      const plot = container.querySelector<HTMLElement>('[role="slider"], [role="gridcell"][tabindex="0"]');
      if (plot) tools.focus(plot);
      await tools.press('{Home}');
      let text = allText(container);
      for (const data of [...subject.dataNames, 'connection']) text = text.replaceAll(data, '');
      text = text.replace(intlWords, '');
      expect(text.match(/[A-Za-z]{2,}/g) ?? []).toEqual([]);
    });
  }

  it('brings along every text that it says', async () => {
    for (const state of Object.values(all)) {
      const { container, unmount } = render(<View state={state} onRetry={() => undefined} />);
      // A text that is missing shows as its name.
      const shown = (): string => allText(container);
      const missing = (): readonly string[] => Object.keys(english).filter((id) => shown().includes(id));
      expect(missing()).toEqual([]);
      const toggle = container.querySelector<HTMLElement>('.tk-toggle');
      if (toggle) {
        await tools.click(toggle);
        expect(missing()).toEqual([]);
      }
      unmount();
    }
  });

  it('takes the direction of its locale', () => {
    const { container } = render(
      <TallykitSettingsProvider locale="he-IL">
        <View state={states.ready} />
      </TallykitSettingsProvider>,
    );
    expect(find(container, 'article').getAttribute('dir')).toBe('rtl');
  });

  it('writes numbers and dates as its locale does', () => {
    const { container } = render(
      <TallykitSettingsProvider locale="de-DE">
        <View state={states.ready} />
      </TallykitSettingsProvider>,
    );
    expect(allText(container)).toMatch(/\d,\d/);
  });
}
