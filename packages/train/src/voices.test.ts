// Who proposes and judges concepts where WordNet is not installed or knows not the language: whoever else is there where nobody
// was named, and a refusal where it was named, which is said before any work.
import { ConfigError } from '@strata/hierarchy';
import { describe, expect, it } from 'vitest';
import { voicesOf } from './voices.js';

describe('the voices of a distillation', () => {
  it('are those that are named, in their order', () => {
    expect(voicesOf({ judges: ['word', 'company'], proposers: ['wordnet'] })).toEqual({
      proposers: ['wordnet'],
      judges: ['word', 'company'],
    });
    expect(voicesOf({ judges: ['company'] }, 'is not installed')).toEqual({
      proposers: ['base'],
      judges: ['company'],
    });
  });

  it('are the others where WordNet cannot and nobody was named', () => {
    expect(voicesOf({}, 'is not installed')).toEqual({ proposers: ['base'], judges: ['company'] });
  });

  it.each([
    ['judges', ['wordnet']],
    ['judges', ['wordnet', 'company']],
    ['proposers', ['wordnet']],
    ['proposers', ['base', 'wordnet']],
  ] as const)('are refused where %s are %s and WordNet cannot', (key, names) => {
    const asked = () => voicesOf({ [key]: names }, 'knows no spanish');
    expect(asked).toThrow(ConfigError);
    expect(asked).toThrow(new RegExp(`concept\\.distil\\.${key} names wordnet, which knows no spanish`));
    expect(voicesOf({ [key]: names })[key]).toEqual(names);
  });
});
