import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtStories, storybookFolder } from './built-storybook.ts';
import { launchChromium } from './launch-chromium.ts';
import { serveFolder, type ServedFolder } from './serve-folder.ts';
import { openStoryPage, type StoryPage } from './story-page.ts';

const stories = await builtStories();
const states = [
  'ready',
  'loading',
  'empty',
  'partial',
  'stale',
  'not_configured',
  'denied',
  'withheld',
  'failed',
];
const stateOf = (name: string): string => name.toLowerCase().replaceAll(' ', '_');

let browser: Browser;
let folder: ServedFolder;
let story: StoryPage;

beforeAll(async () => {
  [browser, folder] = await Promise.all([launchChromium(), serveFolder(storybookFolder)]);
  story = await openStoryPage(browser, folder.origin);
});

afterAll(async () => {
  await browser?.close();
  await folder?.close();
});

describe('every widget', () => {
  const widgets = [...new Set(stories.map(({ title }) => title))].filter((title) =>
    title.startsWith('Widgets/'),
  );

  it('has stories', () => {
    expect(widgets.length).toBeGreaterThan(3);
  });

  it.each(widgets)('%s has a story of every state', (widget) => {
    const shown = stories.filter(({ title }) => title === widget).map(({ name }) => stateOf(name));
    expect(shown).toEqual(expect.arrayContaining(states));
  });
});

describe('every story', () => {
  it.each(stories)('$title: $name renders without an error, and asks nobody', async ({ id, name }) => {
    expect(await story.show(id)).toEqual([]);
    const shown = (): Promise<readonly (string | null)[]> =>
      story.page.$$eval('#storybook-root [data-tk-state]', (cards) =>
        cards.map((card) => card.getAttribute('data-tk-state')),
      );
    if (states.includes(stateOf(name))) await expect.poll(shown).toEqual([stateOf(name)]);
    else expect(await shown()).not.toContain('failed');
  });
});

describe('a story', () => {
  const everyReady = stories.filter(({ name }) => name === 'Ready');

  it.each(everyReady)('$title fits into 280 px, in both directions', async ({ id }) => {
    for (const direction of ['ltr', 'rtl'] as const) {
      expect(await story.show(id, { width: 'narrow', direction })).toEqual([]);
      const overflow = await story.page.$$eval('#storybook-root [data-tk-state]', (cards) =>
        cards.map((card) => card.scrollWidth - card.clientWidth),
      );
      expect(Math.max(...overflow)).toBeLessThanOrEqual(0);
    }
  });
});
