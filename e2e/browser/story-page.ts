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
  /** Turns a switch of the toolbar for the story that is shown, without loading the page anew. */
  turn(globals: StoryGlobals): Promise<void>;
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
      // Answers arrive in a few turns; the rest is a card that waits on purpose.
      await page
        .waitForFunction(`document.querySelector('#storybook-root [aria-busy="true"]') === null`, undefined, {
          timeout: id.endsWith('--loading') ? 100 : 5_000,
        })
        .catch(() => undefined);
      return faults;
    },
    turn: async (globals) => {
      await page.evaluate(
        `new Promise((resolve) => {
          const channel = window.__STORYBOOK_ADDONS_CHANNEL__;
          channel.once('storyRendered', resolve);
          channel.emit('updateGlobals', { globals: ${JSON.stringify(globals)} });
        })`,
      );
    },
  };
}
