// What casing promises: a surface splits in exactly one way, and the parts give it back.
import { byteLength } from '@strata/text';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCasing, CASING, casingMaskOf, isPlainForm, splitCasing } from './casing.js';

const surface = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('a', 'B', 'ß', 'ẞ', 'ﬁ', 'İ', 'ı', 'Σ', 'ς', 'ǅ', 'Ⱥ', 'K', '\udc80', '\ud800', "'", '1'),
  }),
);

describe('casing', () => {
  it('reads the usual ways to write a word', () => {
    expect(splitCasing('alice')).toEqual({ form: 'alice', casing: CASING.asIs });
    expect(splitCasing('Alice')).toEqual({ form: 'alice', casing: CASING.title });
    expect(splitCasing('ALICE')).toEqual({ form: 'alice', casing: CASING.upper });
    expect(splitCasing('McDonald')).toEqual({ form: 'McDonald', casing: CASING.asIs });
  });

  it('has one encoding for a word of one letter, where Title and UPPER are the same', () => {
    expect(splitCasing('I')).toEqual({ form: 'i', casing: CASING.title });
    expect(casingMaskOf('i')).toBe(0b011);
  });

  it('allows no casing where there are no letters, and all where there are two', () => {
    expect(casingMaskOf('1,000')).toBe(0b001);
    expect(casingMaskOf('...')).toBe(0b001);
    expect(casingMaskOf('alice')).toBe(0b111);
    expect(casingMaskOf('McDonald')).toBe(0b001);
  });

  it('gives every surface back, in a form that is plain and no longer in bytes', () => {
    fc.assert(
      fc.property(surface, (text) => {
        const { form, casing } = splitCasing(text);
        expect(applyCasing(form, casing)).toBe(text);
        expect(isPlainForm(form)).toBe(true);
        expect(byteLength(form)).toBe(byteLength(text));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('calls a casing legal exactly where its surface splits back into it', () => {
    fc.assert(
      fc.property(surface, (text) => {
        const { form } = splitCasing(text);
        for (const casing of [0, 1, 2]) {
          const again = splitCasing(applyCasing(form, casing));
          const isCanonical = again.form === form && again.casing === casing;
          expect((casingMaskOf(form) >> casing) & 1).toBe(isCanonical ? 1 : 0);
        }
      }),
      { seed: 1, numRuns: 1000 },
    );
  });
});
