// The page of `strata inspect` in a real Chromium: search, card, places, generation with another concept put, edits; and a
// hostile vocabulary, one of whose words would be markup if it were believed.
import { openLadder, Run } from '@strata/hierarchy';
import { type Inspection, startInspection } from '@strata/inspect';
import { loadLevel, saveLevel } from '@strata/store';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, NO_CHROMIUM, startChromium } from './chromium.js';
import { freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

const MARKUP = '<img src=x onerror="document.title=1">';

interface PairFile {
  readonly a: number;
  readonly b: number;
  readonly names: string[];
}

interface ConceptsFile {
  readonly concepts: {
    readonly id: number;
    name: string;
    readonly members: { readonly lemma: number; name: string }[];
    readonly links: PairFile[];
  }[];
  readonly separated: PairFile[];
}

/** Saves a concept level again with the first member of its first cluster renamed, as who hands a run on might; its id. */
function renameMember(run: Run): number {
  const folder = run.path('concept');
  const level = loadLevel(folder);
  const vocabulary = structuredClone(level.vocabulary) as unknown as ConceptsFile;
  const cluster = vocabulary.concepts.find(({ members }) => members.length > 1)!;
  const [member] = cluster.members;
  member!.name = MARKUP;
  cluster.name = cluster.members.map(({ name }) => name).join('/');
  for (const { a, b, names } of [...cluster.links, ...vocabulary.separated]) {
    if (a === member!.lemma) names[0] = MARKUP;
    if (b === member!.lemma) names[1] = MARKUP;
  }
  saveLevel(folder, { ...level, vocabulary });
  return cluster.id;
}

const chromium = findChromium();
if (chromium === undefined) process.stderr.write(`test/inspect-page.test.ts is skipped: ${NO_CHROMIUM}\n`);

describe.skipIf(chromium === undefined)('the page in Chromium', () => {
  let run: Run;
  let cluster: number;
  let inspection: Inspection;
  let browser: Browser;
  let page: Page;
  const said: string[] = [];
  const foreign: string[] = [];

  beforeAll(async () => {
    const corpus = smallCorpus();
    run = await trainSmall(freshFolder(), corpus, ['subword', 'word', 'concept']);
    cluster = renameMember(run);
    inspection = await startInspection({
      run,
      ladder: openLadder(Run.open(run.folder)),
      corpus: () => corpus,
      distil: 'strata concepts distil',
      note: (line) => said.push(line),
    });
    browser = await startChromium(chromium!);
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('console', (message) => {
      if (message.type() === 'error') said.push(message.text());
    });
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(inspection.url).origin) foreign.push(request.url());
    });
    await page.goto(inspection.url);
  });

  afterAll(async () => {
    await browser?.close();
    await inspection?.close();
    removeFolders();
  });

  const names = (): string[] => openLadder(run).concepts!.concepts.map(({ name }) => name);
  const card = () => page.locator('aside .card');

  it('takes the token out of the address, and draws the map with names over it', async () => {
    await page.waitForSelector('.map-view[data-state=ready] .label', { timeout: 60_000 });
    expect(page.url()).not.toContain('token');
    const drawn = page.frames().find((frame) => frame.url().endsWith('/map.html'))!;
    expect(await drawn.evaluate('document.querySelector("canvas").width')).toBeGreaterThan(300);
  });

  it('finds a concept by a member, by keyboard alone, and shows its card', async () => {
    await page.getByLabel('Search').focus();
    await page.keyboard.type('little');
    await page.keyboard.press('Enter');
    await card()
      .getByRole('heading', { name: /little/ })
      .waitFor();
    await card().locator('.contexts mark').first().waitFor();
    expect(await card().locator('.contexts mark').first().textContent()).toMatch(/^little/i);
    expect(await card().locator('.members .bar').count()).toBeGreaterThan(0);
  });

  it('shows a word that would be markup as text, wherever it stands', async () => {
    await page.getByLabel('Search').fill(MARKUP.slice(0, 12));
    expect(await page.locator('.found .concept').first().textContent()).toContain(MARKUP);
    await page.keyboard.press('Enter');
    await card().getByRole('heading', { level: 2 }).waitFor();
    expect(await card().locator('h2').textContent()).toContain(MARKUP);
    expect(await card().locator('.members strong').first().textContent()).toBe(MARKUP);
    expect(await card().locator('.pairs .names').first().textContent()).toContain(MARKUP);
    await page.waitForSelector('.label.chosen');
    expect(await page.locator('.label.chosen').textContent()).toContain(MARKUP);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Strata');
  });

  it('saves an edit from the card, and lists it', async () => {
    const [first] = openLadder(run).concepts!.concept(cluster).members;
    await card().getByRole('checkbox').nth(1).check();
    await card()
      .getByRole('button', { name: /^Split off/ })
      .click();
    await card().locator('.saved').waitFor();
    await page.getByRole('button', { name: 'Edits' }).click();
    await page.locator('.edits li').waitFor();
    expect(await page.locator('.edits li span').allTextContents()).toEqual([
      expect.stringContaining(`from ${first!.name}`),
    ]);
    await page.getByRole('button', { name: 'Take back' }).click();
    await page.getByText('None yet.').waitFor();
    await page.getByRole('button', { name: 'Concepts' }).click();
  });

  it('describes a place between points, and what lies between two', async () => {
    // What was hidden is drawn again.
    await page.waitForSelector('.map-view .label');
    const { x, y, width, height } = (await page.locator('.map-view').boundingBox())!;
    // Some place of a coarse grid is empty.
    for (let at = 1; at < 10; at++) {
      await page.mouse.click(x + (width * at) / 10, y + (height * ((3 * at) % 10)) / 10);
      // What stood there before gives way to the answer first.
      await page.waitForTimeout(300);
      if (await card().getByText('What would be said here').isVisible()) break;
    }
    await card().getByText('What would be said here').waitFor();
    expect(await card().locator('.words button').count()).toBe(10);
    // A name stands where its point is.
    const points = await page.locator('.map-view .label:not(.chosen)').evaluateAll((labels) =>
      labels.map((label) => {
        const [left, top] = label.style.transform.match(/-?[\d.]+/g)!.map(Number);
        return { left: left!, top: top!, name: label.textContent! };
      }),
    );
    const inside = points.filter(({ left, top }) => left > 20 && top > 20 && left < width - 20 && top < height - 20);
    const [first, second] = inside.slice(-2);
    const point = (at: { left: number; top: number }) => page.mouse.move(x + at.left, y + at.top);
    await point(first!);
    await page.locator('.tip').waitFor();
    await page.mouse.click(x + first!.left, y + first!.top);
    await card().locator('.members').waitFor();
    await page.keyboard.down('Shift');
    await point(second!);
    await page.mouse.click(x + second!.left, y + second!.top);
    await page.keyboard.up('Shift');
    await card().getByRole('heading', { name: 'Between two concepts' }).waitFor();
    await card().getByLabel('nearer to the first or to the second').fill('0.9');
    await card().locator('.bar-label').getByText('90%').waitFor();
  });

  it('generates with a trace, puts another concept at a step, and renders again from there', async () => {
    await page.getByRole('button', { name: 'Generate' }).first().click();
    await page.getByLabel('Units').fill('10');
    await page.locator('form .main').click();
    await page.locator('.trace tbody tr').nth(3).waitFor();
    const written = () => page.locator('.trace .written').allTextContents();
    const before = await written();
    await page.locator('.trace tbody tr').nth(2).locator('.chip.is-concept').click();
    const runnerUp = page.locator('.popover .near .concept').first();
    const name = (await runnerUp.textContent())!.replace(/\s*put here$/, '');
    await runnerUp.click();
    await page.locator('.puts button').waitFor();
    await page.locator('.text[aria-busy=false]').waitFor();
    const after = await written();
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    const chip = page.locator('.trace tbody tr').nth(2).locator('.chip.is-concept');
    expect(await chip.getAttribute('class')).toContain('put');
    expect(await chip.textContent()).toContain(name);
    // Taken back, the text is what it was.
    await page.locator('.puts button').click();
    await page.locator('.puts').waitFor({ state: 'detached' });
    expect(await written()).toEqual(before);
  });

  it('asked nothing of any other host, and broke none of its own rules', () => {
    expect(foreign).toEqual([]);
    expect(said).toEqual([]);
    expect(names()[cluster]).toContain(MARKUP);
  });
});
