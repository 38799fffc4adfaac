// A Chromium for tests of pages: the one named by PLAYWRIGHT_CHROMIUM, one that is installed, or Playwright's own.
// Where there is none, a test skips and says how to get one.
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** What a test says that found no browser. */
export const NO_CHROMIUM =
  'no Chromium was found; install one (npx playwright-core install chromium, or the package chromium of your system), or name it in PLAYWRIGHT_CHROMIUM';

/** The path of a Chromium; undefined where there is none. Throws where PLAYWRIGHT_CHROMIUM names nothing. */
export function findChromium(): string | undefined {
  const named = process.env.PLAYWRIGHT_CHROMIUM;
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`PLAYWRIGHT_CHROMIUM names ${named}, which is not there`);
    return named;
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isProgram);
  if (found !== undefined) return found;
  const own = chromium.executablePath();
  return existsSync(own) ? own : undefined;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts a Chromium that draws WebGL without a graphics card and asks nothing of a network. */
export function startChromium(path: string): Promise<Browser> {
  return chromium.launch({
    executablePath: path,
    args: [
      '--no-sandbox',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
