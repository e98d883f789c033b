import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';

// A page under test asks nobody but the server of its test, and neither does the browser around it.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

// Below the workspace, not in the machine's folder for temporary files: nothing may be run from there on some machines.
const place = fileURLToPath(new URL('../../.tmp/chromium-153', import.meta.url));
const fontSetting = 'fontconfig.xml';

/** Where a Chromium is, and what it needs to start. */
interface Installed {
  readonly executablePath: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts a Chromium without a window and with an empty profile: that of the system, else the one that came from npm.
 * `TALLYKIT_CHROMIUM` names another one. Close it when done.
 *
 * @example
 * const browser = await launchChromium();
 * const page = await browser.newPage();
 */
export async function launchChromium({
  keepPages = false,
}: {
  /** Pages that were left are kept for the way back, as readers' browsers do. Default: false. */
  readonly keepPages?: boolean;
} = {}): Promise<Browser> {
  const failures: unknown[] = [];
  for (const find of [named, ofTheSystem, ofThePackage, ofThePackageWithItsLibraries]) {
    const installed = await find();
    if (installed === null) continue;
    try {
      const { executablePath, env = {} } = installed;
      return await chromium.launch({
        executablePath,
        args: flags,
        ignoreDefaultArgs: keepPages ? ['--disable-back-forward-cache'] : [],
        env: { ...(process.env as Record<string, string>), ...env },
        timeout: 60_000,
      });
    } catch (error) {
      failures.push(error);
    }
  }
  throw new AggregateError(
    failures,
    'No Chromium could be started, so nothing can be tested in a browser. Install one (apt-get install chromium), ' +
      'or name one in TALLYKIT_CHROMIUM. The errors list what was tried.',
  );
}

async function named(): Promise<Installed | null> {
  const executablePath = process.env['TALLYKIT_CHROMIUM'];
  return executablePath === undefined || executablePath === '' ? null : { executablePath };
}

async function ofTheSystem(): Promise<Installed | null> {
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const places = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const mac = ['Google Chrome', 'Chromium'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  const executablePath = [...places, ...mac].find(existsSync);
  return executablePath === undefined ? null : { executablePath };
}

async function ofThePackage(): Promise<Installed> {
  const folder = await unpacked();
  return { executablePath: join(folder, 'chromium'), env: { FONTCONFIG_FILE: join(folder, fontSetting) } };
}

/** For systems without the network security libraries: the package brings them too. */
async function ofThePackageWithItsLibraries(): Promise<Installed> {
  const { executablePath, env } = await ofThePackage();
  return { executablePath, env: { ...env, LD_LIBRARY_PATH: join(dirname(executablePath), 'al2023', 'lib') } };
}

/**
 * Unpacks the package once a workspace. It is done in a folder of its own that is then moved to its place, because
 * several tests may want it in the same moment, and a half-written browser does not start.
 */
async function unpacked(): Promise<string> {
  const { inflate } = await import('@sparticuz/chromium');
  const parts = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..', 'bin');
  if (existsSync(place)) return place;
  const before = process.env['TMPDIR'];
  await mkdir(dirname(place), { recursive: true });
  const folder = await mkdtemp(`${place}-`);
  try {
    // The package unpacks to the folder for temporary files and takes no other.
    process.env['TMPDIR'] = folder;
    const names = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'];
    await Promise.all(names.map((name) => inflate(join(parts, name))));
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  await writeFile(join(folder, fontSetting), fontsOf(place));
  await rename(folder, place).catch(async (error: unknown) => {
    if (!existsSync(place)) throw error;
    await rm(folder, { recursive: true, force: true });
  });
  return place;
}

/** Without any font a text has no size, and some pages end the browser. The package brings one for systems without. */
function fontsOf(folder: string): string {
  const path = folder.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${path}/fonts/fonts</dir>
  <cachedir>${path}/fonts-cache</cachedir>
</fontconfig>
`;
}
