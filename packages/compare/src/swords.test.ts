import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSwords, SwordsFormatError } from './swords.js';

const benchmark = new URL('../../../../shared/suites/swords/swords-v1.1_dev.json.gz', import.meta.url);

const valid = {
  contexts: { c1: { context: '\u{1f43b} a big bear' } },
  // The offset counts code points: the bear before it is one of them, and two UTF-16 units.
  targets: { t1: { context_id: 'c1', target: 'big', offset: 4, pos: 'ADJ' } },
  substitutes: { s1: { target_id: 't1', substitute: 'large' }, s2: { target_id: 't1', substitute: 'red' } },
  substitute_labels: { s1: ['TRUE', 'TRUE_IMPLICIT', 'UNSURE', 'FALSE'], s2: ['FALSE', 'FALSE_IMPLICIT'] },
};
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe('parseSwords', () => {
  it('reads tasks with the share of people who accepted, gzipped or not', () => {
    const expected = [
      {
        id: 't1',
        context: '\u{1f43b} a big bear',
        target: 'big',
        start: 5,
        substitutes: [
          { word: 'large', weight: 0.5 },
          { word: 'red', weight: 0 },
        ],
      },
    ];
    expect(parseSwords(bytes(valid), 'x')).toEqual(expected);
    expect(parseSwords(gzipSync(bytes(valid)), 'x')).toEqual(expected);
  });

  const without = (name: keyof typeof valid): unknown => ({ ...valid, [name]: undefined });
  it.each<[string, unknown, string]>([
    ['a missing part', without('targets'), 'f.json: targets'],
    [
      'another label',
      { ...valid, substitute_labels: { ...valid.substitute_labels, s1: ['YES'] } },
      'substitute_labels.s1.0',
    ],
    ['no label', { ...valid, substitute_labels: { s1: ['TRUE'] } }, 'substitutes.s2: it has no entry'],
    [
      'a label that only Object has',
      { ...valid, substitutes: { constructor: valid.substitutes.s1 } },
      'substitutes.constructor',
    ],
    [
      'a substitute of nothing',
      { ...valid, substitutes: { s1: { target_id: 't9', substitute: 'x' } } },
      '"t9" is no target',
    ],
    [
      'a target of no context',
      { ...valid, targets: { t1: { ...valid.targets.t1, context_id: 'c9' } } },
      '"c9" is no context',
    ],
    ['a wrong offset', { ...valid, targets: { t1: { ...valid.targets.t1, offset: 3 } } }, '"big" at offset 3'],
    ['no targets', { ...valid, targets: {}, substitutes: {} }, 'it has no targets'],
    ['no object', [], 'the whole'],
  ])('refuses %s', (_, value, message) => {
    expect(() => parseSwords(bytes(value), 'f.json')).toThrow(SwordsFormatError);
    expect(() => parseSwords(bytes(value), 'f.json')).toThrow(message);
  });

  it('reads or refuses by its own error whatever stands in place of a part', () => {
    const parts = fc.constantFrom(...(Object.keys(valid) as (keyof typeof valid)[]));
    const inside = fc.constantFrom('c1', 't1', 's1', 's2', '__proto__', 'constructor');
    fc.assert(
      fc.property(parts, inside, fc.jsonValue(), fc.boolean(), (part, key, value, isWhole) => {
        const text = JSON.stringify({ ...valid, [part]: isWhole ? value : { ...valid[part], key: value } });
        try {
          parseSwords(new TextEncoder().encode(text.replace('"key"', JSON.stringify(key))), 'f.json');
        } catch (error) {
          expect(error).toBeInstanceOf(SwordsFormatError);
        }
      }),
    );
  });

  it('refuses what is no JSON, and a gzip file cut short', () => {
    expect(() => parseSwords(new TextEncoder().encode('{'), 'f.json')).toThrow('f.json: it is no JSON');
    expect(() => parseSwords(gzipSync(bytes(valid)).subarray(0, 40), 'f.json')).toThrow(SwordsFormatError);
  });

  it.skipIf(!existsSync(benchmark))('reads the benchmark (skipped where ../shared/suites/swords is absent)', () => {
    const tasks = parseSwords(readFileSync(benchmark), 'swords');
    expect(tasks).toHaveLength(370);
    expect(tasks.reduce((sum, { substitutes }) => sum + substitutes.length, 0)).toBe(22978);
  });
});
