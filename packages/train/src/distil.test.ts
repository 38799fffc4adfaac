// Who proposes and judges concepts where WordNet is not installed or knows not the language: the others, or nobody, which is said before any work.
import { ConfigError } from '@strata/hierarchy';
import { describe, expect, it } from 'vitest';
import { voicesOf } from './distil.js';

describe('the voices of a distillation', () => {
  it('are those that are named, in their order', () => {
    expect(voicesOf({ judges: ['word', 'company'], proposers: ['wordnet'] })).toEqual({
      proposers: ['wordnet'],
      judges: ['word', 'company'],
    });
  });

  it('are the others where WordNet cannot', () => {
    expect(voicesOf({}, 'is not installed')).toEqual({ proposers: ['base'], judges: ['company'] });
  });

  it.each([['judges'], ['proposers']] as const)('are refused where %s would be nobody', (key) => {
    const alone = () => voicesOf({ [key]: ['wordnet'] }, 'knows no spanish');
    expect(alone).toThrow(ConfigError);
    expect(alone).toThrow(new RegExp(`concept\\.distil\\.${key} names WordNet alone, which knows no spanish`));
    expect(voicesOf({ [key]: ['wordnet'] })[key]).toEqual(['wordnet']);
  });
});
