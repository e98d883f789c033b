import { describeIsolation } from './suite/describe-isolation.tsx';
import { describeReading } from './suite/describe-reading.tsx';
import { describeServerRendering } from './suite/describe-server-rendering.tsx';
import { describeStates } from './suite/describe-states.tsx';
import { describeWords } from './suite/describe-words.tsx';
import type { SuiteTools } from './suite-tools.ts';
import type { WidgetSubject } from './widget-subject.ts';

/**
 * The suite that every widget passes whole: eight states in one anatomy, reading by keyboard, a table that says what the
 * picture says, replaceable texts, both directions, server rendering, and errors that stay inside.
 *
 * @example
 * describeWidget(tools, { ...subject, widget: 'token-spend-kpi', View: TokenSpendKpiView });
 */
export function describeWidget<Picture>(tools: SuiteTools, subject: WidgetSubject<Picture>): void {
  tools.describe(`${subject.widget}, like every widget,`, () => {
    describeStates(tools, subject);
    describeReading(tools, subject);
    describeWords(tools, subject);
    describeServerRendering(tools, subject);
    describeIsolation(tools, subject);
  });
}
