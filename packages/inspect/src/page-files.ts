// The files of the built page, read once: what is not among them is not served, whatever a path says.
// From: Strata; the page is built by Vite into dist/page (packages/inspect/page).
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file as it is sent. */
export interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

/** The page was never built. */
export class PageNotBuiltError extends Error {
  override readonly name = 'PageNotBuiltError';
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Where the page is built to; the same from sources and from what is compiled. */
export const PAGE_FOLDER = fileURLToPath(new URL('../dist/page', import.meta.url));

/** Every file of the page by its path in an address; throws PageNotBuiltError. */
export function pageFiles(folder = PAGE_FOLDER): ReadonlyMap<string, PageFile> {
  if (!existsSync(join(folder, 'index.html')))
    throw new PageNotBuiltError(`${folder} holds no index.html: the page is not built. Build it: npm run build`);
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(folder, { recursive: true }).map(String)) {
    const type = TYPES[extname(name)];
    if (type === undefined || !statSync(join(folder, name)).isFile()) continue;
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    const path = `/${name.split(sep).join('/')}`;
    files.set(path, { bytes, type });
    if (path === '/index.html') files.set('/', { bytes, type });
  }
  return files;
}
