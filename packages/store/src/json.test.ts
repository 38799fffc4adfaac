// Strict JSON agrees with JSON.parse wherever that is safe, and refuses by line and column where it is not.
// From: the promises in json.ts and json-file.ts; RFC 8259.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { FileTooLargeError, JsonFileError, MissingFileError, UnreadableFileError } from './errors.js';
import { JSON_MAXIMUM_DEPTH, JsonSyntaxError, JsonValueError, parseJson, stringifyJson } from './json.js';
import { readJsonFile, writeJsonFile } from './json-file.js';

const outcome = (parse: () => unknown): { value: unknown } | { refused: string } => {
  try {
    return { value: parse() };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof JsonSyntaxError) return { refused: error.message };
    throw error;
  }
};

describe('parseJson', () => {
  it('reads every value that JSON.stringify writes, spaced or not', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(0, 1, 3), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        // That key is refused on purpose, and drawn now and then.
        fc.pre(!text.includes('"__proto__":'));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('accepts and refuses the same texts as JSON.parse, for texts one edit away from valid ones', () => {
    const piece = fc.constantFrom(
      ...'{}[],:"\\/-+.0123eEtfnu \n\t\u0000\u00a0é'.split(''),
      'true',
      'null',
      '\\u00',
      '01',
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), fc.nat(3), piece, (value, place, removed, inserted) => {
        const text = JSON.stringify(value, null, place % 2);
        const at = place % (text.length + 1);
        const edited = text.slice(0, at) + inserted + text.slice(at + removed);
        const ours = outcome(() => parseJson(edited));
        const theirs = outcome(() => JSON.parse(edited));
        // Ours refuses more on purpose, and then says that it is for this.
        if ('refused' in theirs) expect(ours).toHaveProperty('refused');
        else if ('refused' in ours) expect(ours.refused).toMatch(/a second time|"__proto__"|a number too large/);
        else expect(ours).toEqual(theirs);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['{"a":1,\n "b":2, "a":3}', /line 2, column 9: the key "a" a second time/],
    ['{"__proto__":{"polluted":true}}', /line 1, column 2: the key "__proto__"/],
    ['{"\\u005f_proto__":1}', /the key "__proto__"/],
    ['[1e999]', /line 1, column 2: a number too large/],
    ['[01]', /"1" where "," or "\]" should be/],
    ['', /line 1, column 1: the end of the text where a value/],
    ['"abc', /line 1, column 1: a string without its closing quote/],
    ['"a\nb"', /U\+000A inside a string/],
    ['\ufeff{}', /U\+FEFF where a value/],
    ['{} {}', /"\{" after the end/],
    ['{"a"}', /"\}" where ":"/],
    ["{'a':1}", /"'" where a key in double quotes/],
  ])('refuses %j with the place', (text, message) => {
    expect(() => parseJson(text)).toThrow(JsonSyntaxError);
    expect(() => parseJson(text)).toThrow(message);
  });

  it('refuses endless depth instead of exhausting the stack, and reads the allowed depth', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(nested(JSON_MAXIMUM_DEPTH))).toBeInstanceOf(Array);
    expect(() => parseJson(nested(JSON_MAXIMUM_DEPTH + 2))).toThrow(/nested deeper/);
    expect(() => parseJson('['.repeat(1_000_000))).toThrow(/nested deeper/);
  });

  it('keeps words of a vocabulary that are names of Object.prototype, and lone surrogates', () => {
    const text = '{"constructor":1,"toString":2,"hasOwnProperty":3,"\\udc80":4}';
    const value = parseJson(text) as Record<string, number>;
    expect(Object.entries(value)).toEqual([
      ['constructor', 1],
      ['toString', 2],
      ['hasOwnProperty', 3],
      ['\udc80', 4],
    ]);
    expect(parseJson(stringifyJson(value))).toEqual(value);
  });
});

describe('stringifyJson', () => {
  it.each([
    [{ a: [1, Number.NaN] }, /\$\.a\[1\]: NaN/],
    [{ a: Number.POSITIVE_INFINITY }, /\$\.a: Infinity/],
    [[undefined], /\$\[0\]: undefined/],
    [new Array(2), /\$\[0\]: undefined/],
    [{ a: new Float32Array(2) }, /an instance of Float32Array/],
    [{ a: new Map() }, /an instance of Map/],
    [{ a: () => 1 }, /function/],
    [1n, /bigint/],
    [JSON.parse('{"__proto__":1}'), /__proto__/],
  ])('refuses %o, which JSON would change in silence', (value, message) => {
    expect(() => stringifyJson(value)).toThrow(JsonValueError);
    expect(() => stringifyJson(value)).toThrow(message);
  });

  it('refuses a cycle, and leaves out members that are undefined', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(() => stringifyJson(cycle)).toThrow(/nesting deeper/);
    expect(stringifyJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });
});

describe('readJsonFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strata-json-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'config.json');

  it('reads what writeJsonFile wrote, up to the exact limit', () => {
    const value = { width: 64, words: ['grün', '\udcff'] };
    const { bytes } = writeJsonFile(path, value);
    expect(readJsonFile(path, bytes)).toEqual(value);
    expect(() => readJsonFile(path, bytes - 1)).toThrow(FileTooLargeError);
    expect(() => readJsonFile(path, bytes - 1)).toThrow(`at most ${bytes - 1} bytes`);
  });

  it('names the path and the place of a syntax error, and bytes that are not UTF-8', () => {
    writeFileSync(path, '{\n  "width": 64,\n}');
    expect(() => readJsonFile(path, 100)).toThrow(JsonFileError);
    expect(() => readJsonFile(path, 100)).toThrow(`${path}: line 3, column 1`);
    writeFileSync(path, Buffer.from([0x22, 0xff, 0x22]));
    expect(() => readJsonFile(path, 100)).toThrow(/not UTF-8/);
  });

  it('refuses missing files and folders by name', () => {
    expect(() => readJsonFile(join(folder, 'none.json'), 100)).toThrow(MissingFileError);
    expect(() => readJsonFile(folder, 100)).toThrow(UnreadableFileError);
  });
});
