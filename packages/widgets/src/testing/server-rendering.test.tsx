// @vitest-environment node
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { widgetFixtures } from './fixtures/widget-fixtures.ts';

describe('on a server without a window', () => {
  it('there is no window', () => {
    expect(typeof window).toBe('undefined');
    expect(typeof document).toBe('undefined');
  });

  it.each(widgetFixtures.map((fixture) => [`${fixture.widget}, ${fixture.name}`, fixture] as const))(
    'renders %s',
    (_, { element, widget }) => {
      expect(renderToString(element)).toContain(`data-tk-widget="${widget}"`);
    },
  );
});
