import type { Browser, Page } from 'playwright-core';

/** What the toolbar of the stories is to be set to. */
export interface StoryGlobals {
  readonly theme?: 'light' | 'dark';
  readonly direction?: 'ltr' | 'rtl';
  readonly width?: 'full' | 'card' | 'narrow';
}

/** A page that shows one story after the other. */
export interface StoryPage {
  readonly page: Page;
  /** Opens a story and waits until it stands still. Answers with what went wrong in the page meanwhile. */
  show(id: string, globals?: StoryGlobals): Promise<readonly string[]>;
  /** Shows another story, or the same with other switches, without loading the page anew. */
  turnTo(id: string, globals: StoryGlobals): Promise<void>;
}

// A widget that has its answer is not busy; one that waits for ever stays so and is ready to be looked at as well.
const settled = `(() => {
  const widgets = [...document.querySelectorAll('#storybook-root [data-tk-state]')];
  return widgets.length > 0 && document.querySelector('.sb-show-main') !== null;
})()`;

/** Opens a page for the stories that a folder serves. Requests to anywhere else are refused and reported. */
export async function openStoryPage(browser: Browser, origin: string): Promise<StoryPage> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 }, reducedMotion: 'reduce' });
  let faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => faults.push(`request failed: ${request.url()}`));
  await page.route(
    (url) => url.origin !== origin && url.protocol.startsWith('http'),
    async (route) => {
      faults.push(`asked elsewhere: ${route.request().url()}`);
      await route.abort();
    },
  );
  return {
    page,
    show: async (id, globals = {}) => {
      faults = [];
      const chosen = Object.entries(globals).map(([name, value]) => `${name}:${value}`);
      const query = new URLSearchParams({ id, viewMode: 'story', globals: chosen.join(';') });
      await page.goto(`${origin}/iframe.html?${query.toString()}`);
      await page.waitForFunction(settled, undefined, { timeout: 20_000 });
      await untilAnswered(page, id);
      return faults;
    },
    turnTo: async (id, globals) => {
      await page.evaluate(
        `(async () => {
          const channel = window.__STORYBOOK_ADDONS_CHANNEL__;
          const rendered = () => new Promise((resolve) => channel.once('storyRendered', resolve));
          const turned = rendered();
          channel.emit('updateGlobals', { globals: ${JSON.stringify(globals)} });
          await turned;
          if (window.tallykitStory === ${JSON.stringify(id)}) return;
          window.tallykitStory = ${JSON.stringify(id)};
          const switched = rendered();
          channel.emit('setCurrentStory', { storyId: ${JSON.stringify(id)}, viewMode: 'story' });
          await switched;
        })()`,
      );
      await untilAnswered(page, id);
    },
  };
}

// Answers arrive in a few turns; a card that stays busy waits on purpose.
async function untilAnswered(page: Page, id: string): Promise<void> {
  const answered = `document.querySelector('#storybook-root [aria-busy="true"]') === null`;
  const timeout = id.endsWith('--loading') ? 100 : 5_000;
  await page.waitForFunction(answered, undefined, { timeout }).catch(() => undefined);
}
