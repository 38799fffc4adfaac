// What is known of a surface, found out once for all its occurrences: form and casing, and what the tagger is given for it.
// From: Strata; the tagger reads our own words with single spaces, since its own cutting depends on its cache.
import { CASING, splitCasing } from '../casing.js';
import { Recent } from '../recent.js';
import { HEADING, headingRole, withoutCapital } from './capitals.js';
import { type KnownForm, knownForm } from './known-forms.js';

const SPACE = /^\s/u;
/** What the tagger can be trusted to keep as it is given; anything else stands as a mark. */
const READABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u;

/** A surface taken apart. */
export interface KnownSurface {
  readonly known: KnownForm;
  readonly casing: number;
  /** White space, which neither the tagger nor syntax sees. */
  readonly isSpace: boolean;
  /** 'US', which is no pronoun. */
  readonly isCountry: boolean;
  /** One of HEADING. */
  readonly heading: number;
  /** As the tagger is given it. */
  readonly given: string;
  /** The same where its capital says nothing. */
  readonly givenSmall: string;
}

function createSurface(surface: string): KnownSurface {
  const { form, casing } = splitCasing(surface);
  const known = knownForm(form);
  const isSpace = SPACE.test(surface);
  const given = readable(surface);
  return {
    known,
    casing,
    isSpace,
    isCountry: known.word === 'us' && casing === CASING.upper,
    heading: isSpace ? HEADING.uncounted : headingRole(surface),
    given,
    givenSmall: isSpace ? given : readable(withoutCapital(surface)),
  };
}

function readable(surface: string): string {
  return READABLE.test(surface) ? surface.replaceAll('’', "'") : '*';
}

/** Surfaces that are remembered at least. */
const REMEMBERED_SURFACES = 1 << 15;

const surfaces = new Recent(REMEMBERED_SURFACES, createSurface);

/** What is known of a surface. */
export function knownSurface(surface: string): KnownSurface {
  return surfaces.get(surface);
}
