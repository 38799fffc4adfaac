// What a model's name is promised to mean: every control that can be trained is known as one, whatever the variant.
import { CONTROL_NAMES } from '@strata/hierarchy';
import { describe, expect, it } from 'vitest';
import { isFlat, kindOf } from './model-kinds.js';
import { LEVEL_COLOURS, modelColour } from './report-palette.js';

describe('kindOf', () => {
  it('knows every control, also of a variant', () => {
    for (const name of CONTROL_NAMES) {
      const kind = isFlat(name) ? 'flat' : 'control';
      expect([kindOf(name), kindOf(`${name}, small`)]).toEqual([kind, kind]);
    }
  });

  it('tells the ladder from its variants and its parts', () => {
    expect(['strata', 'strata, small', 'word', 'strata without gestalt'].map(kindOf)).toEqual([
      'ladder',
      'variant',
      'part',
      'part',
    ]);
  });
});

describe('modelColour', () => {
  it('gives every control a colour of its own, on light paper and on dark', () => {
    const colours = CONTROL_NAMES.map(modelColour);
    expect(new Set(colours).size).toBe(CONTROL_NAMES.length);
    for (const colour of [...colours, modelColour('strata, small')]) {
      const name = /--level-([a-z-]+)/.exec(colour)![1]!;
      expect(Object.keys(LEVEL_COLOURS.light)).toContain(name);
      expect(Object.keys(LEVEL_COLOURS.dark)).toContain(name);
    }
  });
});
