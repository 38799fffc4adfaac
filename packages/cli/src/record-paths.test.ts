import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Checkout } from './git-tree.js';
import { absolutePathIn, RecordPaths } from './record-paths.js';

const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'strata-paths-')));
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

describe('absolutePathIn', () => {
  const slash = '/';
  it.each([
    `in ${slash}data/books`,
    `folder: ${slash}a/b.yaml`,
    `"${slash}a/b/c"`,
    'C:\\books\\one',
    `'${slash}tmp/x'`,
    `--run=${slash}a/b`,
  ])('finds one in %j', (text) => {
    expect(absolutePathIn(text)).toBeDefined();
  });

  it.each([
    'and/or/nor',
    'https://example.org/a/b',
    '~/books/one',
    'runs/a/b',
    '<b>x</b>/y/z',
    'a / b / c',
    '1/2',
    './a/b',
  ])('finds none in %j', (text) => {
    expect(absolutePathIn(text)).toBeUndefined();
  });
});

describe('RecordPaths', () => {
  // The checkout that this test lies in.
  const paths = () => new RecordPaths(Checkout.of(import.meta.dirname));

  it('shows what is inside from the root, and what is outside by its name', () => {
    const known = paths();
    const { root } = known.checkout;
    expect(known.show(join(root, 'runs', 'a'))).toBe('runs/a');
    expect(known.show(root)).toBe('.');
    expect(known.show(elsewhere)).toMatch(/^elsewhere\/strata-paths-/);
    expect(known.localise(`${root}/runs/a, ${root}. "${root}" ${elsewhere}/train`)).toMatch(
      /^runs\/a, \.\. "\." elsewhere\/strata-paths-\w+\/train$/,
    );
    expect(known.localise(`${homedir()}/x`)).toBe(homedir().length > 1 ? '~/x' : '/x');
  });

  it('leaves longer names that begin alike', () => {
    const known = paths();
    const { root } = known.checkout;
    for (const text of [`${root}-2/a`, `${root}.old`, `x${root}`]) expect(known.localise(text)).not.toMatch(/^\./);
    expect(known.localise(`x${root}/a`)).toBe(`x${root}/a`);
  });
});
