// When a channel counts as alive, and what use and perplexity of a vocabulary mean.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNEL_THRESHOLDS, channelVerdict, vocabularyUse } from './channels.js';

describe('channelVerdict', () => {
  it('calls a channel dead when shuffling costs nothing, whatever silencing costs', () => {
    expect(channelVerdict(0.4, 0)).toBe('dead');
    expect(channelVerdict(0.4, -0.02)).toBe('dead');
    expect(channelVerdict(0.4, CHANNEL_THRESHOLDS.dead - 1e-9)).toBe('dead');
  });

  it('calls it alive only when both cost something plain', () => {
    expect(channelVerdict(0.005, 0.005)).toBe('alive');
    expect(channelVerdict(0.2, 0.3)).toBe('alive');
    expect(channelVerdict(0.004, 0.3)).toBe('weak');
    expect(channelVerdict(0.3, 0.004)).toBe('weak');
    // Better off without its message, though a wrong one is worse still.
    expect(channelVerdict(-0.1, 0.3)).toBe('weak');
  });
});

describe('vocabularyUse', () => {
  it('gives equally frequent entries their number as perplexity, and one entry 1', () => {
    expect(vocabularyUse([0, 1, 2, 3, 0, 1, 2, 3], 10)).toEqual({
      size: 10,
      used: 4,
      perplexity: expect.closeTo(4, 10),
    });
    expect(vocabularyUse([7, 7, 7], 10).perplexity).toBe(1);
  });

  it('says that nothing was used of a vocabulary that did not occur', () => {
    expect(vocabularyUse([], 5)).toEqual({ size: 5, used: 0, perplexity: 0 });
  });

  it('never finds more variety than entries in use', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1 }), (ids) => {
        const { used, perplexity } = vocabularyUse(ids, 21);
        expect(used).toBe(new Set(ids).size);
        expect(perplexity).toBeGreaterThan(1 - 1e-9);
        expect(perplexity).toBeLessThan(used + 1e-9);
      }),
    );
  });
});
