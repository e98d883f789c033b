import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAll } from '../../tooling/build/build-all.ts';
import { demoTarget, packageTargets } from '../../tooling/build/build-targets.ts';
import { workspaceRoot } from '../../tooling/checks/workspace-root.ts';
import { launchChromium } from '../browser/launch-chromium.ts';

let demo: ChildProcess;
let origin = '';
let browser: Browser;

beforeAll(async () => {
  const built = await buildAll(workspaceRoot, [...packageTargets, demoTarget], () => undefined);
  const broken = built.find(({ outcome }) => outcome === 'failed');
  if (broken) throw new Error(broken.output);
  demo = spawn(process.execPath, ['apps/demo/server/main.ts', '--port', '0'], {
    cwd: workspaceRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  origin = await new Promise<string>((resolve, reject) => {
    demo.stdout?.on('data', (part: Buffer) => {
      output += part.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (found) resolve(found);
    });
    demo.on('exit', (code) => reject(new Error(`The demo ended with code ${code}:\n${output}`)));
  });
  browser = await launchChromium();
}, 240_000);

afterAll(async () => {
  await browser?.close();
  if (demo && demo.exitCode === null) {
    demo.kill('SIGTERM');
    await once(demo, 'exit');
  }
});

/** Opens the demo and gathers everything that a console would show in red. */
async function openPage(): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.goto(origin);
  return { page, complaints };
}

/** The figure of a card, as it is written. */
async function headlineOf(page: Page, heading: RegExp): Promise<string> {
  const card = page.locator('.tk-card', { has: page.getByRole('heading', { name: heading }) });
  const headline = card.locator('.tk-headline').first();
  await headline.waitFor();
  return (await headline.innerText()).replaceAll('\n', '');
}

describe('the demo in a browser', () => {
  it('shows the operator money that moves while the assistant works, and explains a call down to its rates', async () => {
    const { page, complaints } = await openPage();
    expect(await headlineOf(page, /^Revenue/)).toMatch(/^\$\d/);
    const spend = await headlineOf(page, /^Token spend/);
    expect(spend).toMatch(/^\$\d/);
    await page.getByText('of provider cost matched').waitFor();
    await expect
      .poll(() => headlineOf(page, /^Token spend/), { timeout: 30_000, interval: 500 })
      .not.toBe(spend);

    await page.locator('.host-calls button').first().click();
    const explanation = page.getByRole('region', { name: /why this call costs/i });
    await explanation.getByText('per 1,000,000').first().waitFor();
    expect(await explanation.innerText()).toContain('Our cost');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows a customer admin its own account without what the vendor pays, and a member nothing', async () => {
    const { page } = await openPage();
    await page.getByText('Customer admin', { exact: true }).click({ force: true });
    await page.getByRole('heading', { name: 'Usage and billing' }).waitFor();
    expect(await headlineOf(page, /^Token spend/)).toMatch(/^\$\d/);
    expect(await page.locator('main').innerText()).not.toContain('unexplained');
    await page.locator('.host-calls button').first().click({ timeout: 30_000 });
    const explanation = page.getByRole('region', { name: /why this call costs/i });
    await explanation.getByText('Charge').waitFor();
    expect(await explanation.innerText()).not.toContain('Our cost');

    await page.getByText('Customer member', { exact: true }).click({ force: true });
    await page.getByText('You do not have access to these figures').first().waitFor();
    await expect.poll(() => page.locator('main').innerText()).not.toMatch(/\$\d/);
    await page.close();
  });
});
