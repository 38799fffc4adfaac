// Who proposes and judges concepts where WordNet is not installed: the others, or nobody, which is said before any work.
import { ConfigError } from '@strata/hierarchy';
import { describe, expect, it } from 'vitest';
import { voicesOf } from './distil.js';

describe('the voices of a distillation', () => {
  it('are those that are named, in their order', () => {
    expect(voicesOf({ judges: ['word', 'company'], proposers: ['wordnet'] }, true)).toEqual({
      proposers: ['wordnet'],
      judges: ['word', 'company'],
    });
  });

  it('are the others where WordNet is not installed', () => {
    expect(voicesOf({}, false)).toEqual({ proposers: ['base'], judges: ['company'] });
  });

  it.each([['judges'], ['proposers']] as const)('are refused where %s would be nobody', (key) => {
    const alone = () => voicesOf({ [key]: ['wordnet'] }, false);
    expect(alone).toThrow(ConfigError);
    expect(alone).toThrow(new RegExp(`concept\\.distil\\.${key} names WordNet alone, which is not installed`));
    expect(voicesOf({ [key]: ['wordnet'] }, true)[key]).toEqual(['wordnet']);
  });
});
