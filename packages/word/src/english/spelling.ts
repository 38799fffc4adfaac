// British and American spelling as a property of a form: colour and color, realise and realize, travelled and traveled.
// Sources: a frozen list of pairs (data/english/NOTICE.md), and rules after Quirk et al. 1985, appendix III, on known verbs.
import { readFrozenText } from './frozen-data.js';
import { OPEN_CLASS, openClassesOf } from './known-lemmas.js';
import { analyse, realizations } from './realize.js';
import { SPELLING_SHA256 } from './spelling-hash.js';

/** A country whose spelling a form has. Verbs in -ize count as American, though Oxford spells so too. */
export type Spelling = 'british' | 'american';

interface Counterpart {
  readonly other: string;
  /** Undefined where both countries write the form: 'tire' beside British 'tyre', 'dialogue' beside American 'dialog'. */
  readonly spelling: Spelling | undefined;
}

/** The country that spells a lower-case form so and not otherwise; undefined where there is no other way or both write it. */
export function spellingOf(form: string): Spelling | undefined {
  return counterpart(form)?.spelling;
}

/**
 * The same word in the other country's spelling; undefined for a form that both write, and for one with no other spelling:
 * 'colours' -> 'colors', 'tyre' -> 'tire', but 'tire' -> undefined.
 */
export function otherSpelling(form: string): string | undefined {
  const found = counterpart(form);
  return found?.spelling === undefined ? undefined : found.other;
}

function counterpart(form: string): Counterpart | undefined {
  return pairs().get(form) ?? ofIze(form) ?? ofDoubledL(form) ?? ofLemma(form);
}

let listed: ReadonlyMap<string, Counterpart> | undefined;

function pairs(): ReadonlyMap<string, Counterpart> {
  if (listed !== undefined) return listed;
  const read = new Map<string, Counterpart>();
  for (const line of readFrozenText('spelling.txt', SPELLING_SHA256, 'build-spelling.mjs').trimEnd().split('\n')) {
    const [british, american] = line.split(' ') as [string, string];
    const [inBritain, inAmerica] = [plain(british), plain(american)];
    read.set(inBritain, { other: inAmerica, spelling: british === inBritain ? 'british' : undefined });
    // Of two British spellings of one American word the first stands for both.
    if (!read.has(inAmerica))
      read.set(inAmerica, { other: inBritain, spelling: american === inAmerica ? 'american' : undefined });
  }
  listed = read;
  return read;
}

const plain = (word: string): string => word.replace('*', '');
const isVerb = (word: string): boolean => (openClassesOf(word) & OPEN_CLASS.verb) !== 0;

const IZE = /^(.*[aeiouy].*)(i|y)([sz])(e|ed|es|ing|ingly|edly|er|ers|able|ement|ements|ation|ations|ational)$/u;
/** Verbs that both countries spell with s, or with z. */
const ONE_WAY =
  /^(?:advert|appr|chast|compr|comprom|circumc|desp|disgu|exc|exerc|exorc|franch|improv|merchand|superv|surpr|telev)i[sz]e$|(?:^cap|^down|^out|^over|^re|^under)size$|[aeo]i[sz]e$/u;

/** -ise against -ize, -yse against -yze, of verbs that are known in -ize or -yze. */
function ofIze(form: string): Counterpart | undefined {
  const [, stem, vowel, letter, ending] = IZE.exec(form) ?? [];
  if (stem === undefined || (vowel === 'y' && !stem.endsWith('l'))) return undefined;
  const verb = `${stem}${vowel}ze`;
  if (!isVerb(verb) || ONE_WAY.test(verb)) return undefined;
  // 'analyses' is as well the plural of 'analysis' in both countries.
  const isPlural = vowel === 'y' && letter === 's' && ending === 'es';
  const other = `${stem}${vowel}${letter === 's' ? 'z' : 's'}${ending}`;
  return { other, spelling: isPlural ? undefined : letter === 's' ? 'british' : 'american' };
}

const DOUBLED_L = /^(.*[aeiouy])(ll?)(ed|ing|ings|er|ers|or|ors)$/u;

/** The l that Britain doubles after a vowel without stress: travelled, modelling, counsellor. */
function ofDoubledL(form: string): Counterpart | undefined {
  const [, stem, consonant, ending] = DOUBLED_L.exec(form) ?? [];
  if (stem === undefined) return undefined;
  const verb = `${stem}l`;
  if (!isVerb(verb) || verb === 'parallel') return undefined;
  const pasts = realizations(verb, 'past');
  if (pasts[0] !== `${verb}ed` || !pasts.includes(`${verb}led`)) return undefined;
  return consonant === 'll'
    ? { other: `${verb}${ending}`, spelling: 'british' }
    : { other: `${verb}l${ending}`, spelling: 'american' };
}

/** An inflected form of a word that is listed: 'fibres' after 'fibre', unless both countries inflect alike ('distilled'). */
function ofLemma(form: string): Counterpart | undefined {
  let found: Counterpart | undefined;
  for (const { lemma, slot, variant } of analyse(form)) {
    const base = slot === 'base' ? undefined : pairs().get(lemma);
    if (base === undefined || variant > 0) continue;
    const forms = realizations(base.other, slot);
    if (forms.includes(form)) return undefined;
    if (forms[0] !== undefined) found ??= { other: forms[0], spelling: base.spelling };
  }
  return found;
}
