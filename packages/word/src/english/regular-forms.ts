// Regular English inflection as about ten spelling rules, and the spellings a writer may choose instead.
// Rules after Quirk et al. 1985, "A Comprehensive Grammar of the English Language", chapters 3, 5 and 7.
import { compoundPlural, doublingHead, withoutPrefix } from './compounds.js';
import type { SlotName } from './slots.js';

const SIBILANT = /(?:s|x|z|ch|sh)$/u;
const CONSONANT_Y = /(?:[^aeiouy]|qu)y$/u;
const CONSONANT_O = /[^aeiou]o$/u;
/** One vowel and one consonant at the end; w, x, y and h are never doubled, and 'qu' is no vowel. */
const VOWEL_CONSONANT = /(?:^|[^aeiou]|qu)[aeiouy][^aeiouywxh]$/u;
/** Words in -man that are no compounds of 'man'. */
const NOT_A_MAN = /(?:hu|ger|ro|sha|talis|otto|cai|cay|nor|musul|mussul|brah|het|drago|turco|^des)man$/u;
/** Verbs in -o whose s takes an e: 'goes', 'echoes'; younger ones do without. */
const O_TAKES_ES = /(?:go|do|echo|veto|torpedo|embargo|hero|cargo|mosquito)$/u;
/** A ch that is spoken as k takes no e: 'monarchs', 'stomachs', 'epochs'. */
const HARD_CH =
  /(?:[^aes][aeiou]?[nrit]arch|stomach|epoch|eunuch|loch|tych|sumach|pibroch|[io]branch|conch|synch|psych)$/u;
/** Verbs of two syllables that are stressed on their last, which ends in l. */
const STRESSED_L = /(?:appal|cabal|corral|distil|enrol|enthral|fulfil|instal|instil|rappel)$/u;
const SILENT_E = /[^eoy]e$/u;

/** The regular form of a lower-case lemma in a slot; undefined where regular English has no form of its own there. */
export function regularForm(lemma: string, slot: SlotName): string | undefined {
  switch (slot) {
    case 'base':
      return lemma;
    case 'plural':
      return plural(lemma);
    case 'third':
      return O_TAKES_ES.test(lemma) ? `${lemma}es` : withS(lemma);
    case 'gerund':
      return gerund(lemma, doubles(lemma));
    case 'past':
      return withE(withHardC(lemma), 'd', doubles(lemma));
    case 'comparative':
      return withE(lemma, 'r', doublesAsAdjective(lemma));
    case 'superlative':
      return withE(lemma, 'st', doublesAsAdjective(lemma));
    default:
      return undefined;
  }
}

/** Spellings beside the regular one: the last consonant doubled or not in longer words, -e kept, -s or -es after -o. */
export function alternateForms(lemma: string, slot: SlotName): readonly string[] {
  const longer = VOWEL_CONSONANT.test(lemma) && !lemma.endsWith('c') && syllables(lemma) > 1;
  switch (slot) {
    case 'plural':
      return [withS(lemma), ...(CONSONANT_O.test(lemma) ? [`${lemma}s`, `${lemma}es`] : []), ...learnedPlurals(lemma)];
    case 'third':
      return CONSONANT_O.test(lemma) ? [`${lemma}s`, `${lemma}es`] : [];
    case 'gerund':
      if (longer) return [gerund(lemma, true), gerund(lemma, false)];
      return lemma.endsWith('e') ? [`${lemma}ing`] : [];
    case 'past':
      return longer ? [withE(lemma, 'd', true), withE(withHardC(lemma), 'd', false)] : [];
    case 'comparative':
      return longer ? [withE(lemma, 'r', true), withE(lemma, 'r', false)] : [];
    case 'superlative':
      return longer ? [withE(lemma, 'st', true), withE(lemma, 'st', false)] : [];
    default:
      return [];
  }
}

/** Latin and Greek endings with their plurals, and the f that becomes a v (Quirk et al. 1985, sections 5.83 and 5.93-98). */
const LEARNED: readonly (readonly [ending: RegExp, plural: string])[] = [
  [/(?<=..)um$/u, 'a'],
  [/(?<=..)us$/u, 'i'],
  [/(?<=..)a$/u, 'ae'],
  [/(?<=.zo|ri|ter)on$/u, 'a'],
  [/(?<=.)[ie]x$/u, 'ices'],
  [/(?<=it)is$/u, 'ides'],
  [/(?<=..m)a$/u, 'ata'],
  [/(?<=...)fe?$/u, 'ves'],
];

function learnedPlurals(lemma: string): readonly string[] {
  const forms = LEARNED.flatMap(([ending, plural]) => (ending.test(lemma) ? [lemma.replace(ending, plural)] : []));
  return /(?:ese|ish|less|craft|ous)$/u.test(lemma) ? [...forms, lemma] : forms;
}

function plural(lemma: string): string {
  const compound = compoundPlural(lemma);
  if (compound !== undefined) return compound;
  if (/..man$/u.test(lemma) && !NOT_A_MAN.test(lemma)) return `${lemma.slice(0, -2)}en`;
  if (/(?:[aeiouy]|..[^s])sis$|.[ea]?axis$|^axis$/u.test(lemma)) return `${lemma.slice(0, -2)}es`;
  return withS(lemma);
}

function withS(lemma: string): string {
  if (/^[^aeiou]*(?:qu)?[aeiou]z$/u.test(lemma)) return `${lemma}zes`;
  if (HARD_CH.test(lemma)) return `${lemma}s`;
  if (SIBILANT.test(lemma)) return `${lemma}es`;
  return CONSONANT_Y.test(lemma) ? `${lemma.slice(0, -1)}ies` : `${lemma}s`;
}

/** -ed, -er, -est: `ending` is what follows the e. */
function withE(lemma: string, ending: string, doubled: boolean): string {
  if (lemma.endsWith('e')) return `${lemma}${ending}`;
  if (CONSONANT_Y.test(lemma)) return `${lemma.slice(0, -1)}ie${ending}`;
  if (/[aeiou].*ey$/u.test(lemma) && ending !== 'd') return `${lemma.slice(0, -2)}ie${ending}`;
  return `${stem(lemma, doubled)}e${ending}`;
}

function gerund(lemma: string, doubled: boolean): string {
  if (/^(?:be|over|out|re|un|under)?[dhltv]ie$/u.test(lemma)) return `${lemma.slice(0, -2)}ying`;
  if (SILENT_E.test(lemma)) return `${lemma.slice(0, -1)}ing`;
  return `${stem(withHardC(lemma), doubled)}ing`;
}

function stem(lemma: string, doubled: boolean): string {
  return doubled ? `${lemma}${lemma.at(-1)}` : lemma;
}

/** Verbs keep the sound of their c: "panicking", "panicked". */
function withHardC(lemma: string): string {
  return /[aeiou]c$/u.test(lemma) ? `${lemma}k` : lemma;
}

/** Words of one syllable, and compounds of such, double their last consonant after a single vowel; others are listed. */
function doubles(lemma: string): boolean {
  if (!VOWEL_CONSONANT.test(lemma) || lemma.endsWith('c')) return false;
  if (syllables(lemma) === 1 || STRESSED_L.test(lemma) || doublingHead(lemma) !== undefined) return true;
  const bare = withoutPrefix(lemma);
  return bare !== undefined && doubles(bare);
}

function doublesAsAdjective(lemma: string): boolean {
  if (!VOWEL_CONSONANT.test(lemma) || lemma.endsWith('c')) return false;
  const bare = lemma.replace(/^un/u, '');
  return syllables(bare) === 1 || lemma.endsWith('ful') || doublingHead(lemma) !== undefined;
}

function syllables(lemma: string): number {
  return lemma.replace(/qu/gu, 'q').match(/[aeiou]+|(?<=[^aeiou])y/gu)?.length ?? 0;
}
