// Whose figures say how good concepts are, and what a control's mean says where few draws say anything.
import { describe, expect, it } from 'vitest';
import { hadNoSay, type MeasuredClusters, meanOf } from './concept-evaluation.js';

describe('a resource measures concepts', () => {
  it('that it has neither judged nor proposed', () => {
    expect(hadNoSay('WordNet', { judges: ['company'] })).toBe(true);
    expect(hadNoSay('WordNet', { judges: ['WordNet', 'company'] })).toBe(false);
    expect(hadNoSay('WordNet', { judges: ['company'], proposers: ['WordNet'] })).toBe(false);
    expect(hadNoSay('WordNet', undefined)).toBe(false);
  });
});

describe('the mean of random clusters', () => {
  const draw = (right: number, known: number): MeasuredClusters => ({
    source: 'random',
    quality: {
      clusters: 1,
      lemmas: 2,
      pairs: 1,
      known,
      right,
      inWordNet: 0,
      synonyms: 0,
      antonyms: 0,
      opposed: 0,
      hypernyms: 0,
      covered: 1,
      content: 4,
    },
    shares: { coverage: 0.25, ...(known > 0 && { precision: right / known }) },
  });

  it('is of all draws, or of none: one lucky draw of twenty is not 100% right', () => {
    expect(meanOf([draw(1, 1), draw(0, 1)])).toMatchObject({ shares: { precision: 0.5, coverage: 0.25 } });
    const lucky = meanOf([draw(1, 1), draw(0, 0), draw(0, 0)]);
    expect(lucky.shares).toEqual({ coverage: 0.25 });
    expect(lucky.deviations).toEqual({ coverage: 0 });
  });
});
