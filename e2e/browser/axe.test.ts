import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtStories, storybookFolder } from './built-storybook.ts';
import { launchChromium } from './launch-chromium.ts';
import { serveFolder, type ServedFolder } from './serve-folder.ts';
import { openStoryPage, type StoryPage } from './story-page.ts';

const stories = await builtStories();
const axeSource = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

let browser: Browser;
let folder: ServedFolder;
let story: StoryPage;

beforeAll(async () => {
  [browser, folder] = await Promise.all([launchChromium(), serveFolder(storybookFolder)]);
  story = await openStoryPage(browser, folder.origin);
  await story.show('panels--operator');
  await story.page.evaluate(axeSource);
});

afterAll(async () => {
  await browser?.close();
  await folder?.close();
});

/** What axe finds in the story that is shown, one line a place: the rule, what it wants, and where. */
async function violations(): Promise<readonly string[]> {
  const results = (await story.page.evaluate(
    // Rules about whole pages are the host's: a story has no headings, landmarks or title of its own.
    `axe.run('#storybook-root', { rules: { region: { enabled: false } } })`,
  )) as AxeResults;
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help} ${target.join(' ')} ${failureSummary ?? ''}`),
  );
}

it.each(stories)('$title: $name has nothing that axe objects to, in light and in dark', async ({ id }) => {
  await story.turnTo(id, { theme: 'light' });
  const light = await violations();
  await story.turnTo(id, { theme: 'dark' });
  expect({ light, dark: await violations() }).toEqual({ light: [], dark: [] });
});

it('would find a text that is too pale, and a button without a name', async () => {
  await story.turnTo('widgets-token-spend--ready', { theme: 'dark' });
  expect(await story.page.textContent('.tk-title')).toBe('Token spend');
  expect(await story.page.$eval('[data-tk-state]', (card) => getComputedStyle(card).colorScheme)).toBe(
    'dark',
  );
  await story.page.evaluate(`document.querySelector('#storybook-root').insertAdjacentHTML('beforeend',
    '<p style="color:#ccc;background:#fff">pale</p><button></button>')`);
  const rules = (await violations()).map((violation) => violation.split(':', 1)[0]);
  expect(rules).toEqual(expect.arrayContaining(['color-contrast', 'button-name']));
});
