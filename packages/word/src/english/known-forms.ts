// What is known of a form, found out once for all its occurrences: its sets and classes, what verb it may be, its readings.
// From: Strata; the rules work on these records, so that a text costs one look-up a unit and not one a question.
import { Recent } from '../recent.js';
import { closedSetsOf } from './closed-sets.js';
import { OPEN_CLASS, openClassesOf } from './known-lemmas.js';
import { lemmatise } from './lemmatise.js';
import { type Analysis, analyse } from './realize.js';

/** What a form can be of a verb, as bits. */
export const VERB_FORM = { base: 1, past: 2, participle: 4, third: 8, gerund: 16 } as const;

const UNASKED = -1;

/** A reading that was chosen for a form where it had a tag and a role. */
export interface ChosenReading {
  readonly tag: string;
  readonly role: number;
  readonly reading: Analysis;
}

/** A plain form; what takes time is found out when it is first asked for. */
export class KnownForm {
  /** The form with a plain apostrophe, as rules of syntax have it. */
  readonly word: string;
  /** CLOSED_SET bits of the word. */
  readonly sets: number;
  /** OPEN_CLASS bits of the word. */
  readonly classes: number;
  /** Filled by choose.ts; a form has few. */
  readonly chosen: ChosenReading[] = [];
  #verbForms: number = UNASKED;
  #analyses: readonly Analysis[] | undefined;

  constructor(readonly form: string) {
    this.word = form.replace('’', "'");
    this.sets = closedSetsOf(this.word);
    this.classes = openClassesOf(this.word);
  }

  /** Every analysis of the form, itself as a base first. */
  get analyses(): readonly Analysis[] {
    return (this.#analyses ??= analyse(this.form));
  }

  /** VERB_FORM bits of the word. */
  get verbForms(): number {
    if (this.#verbForms === UNASKED) this.#verbForms = verbFormsOf(this);
    return this.#verbForms;
  }
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Verbs whose base is their past and participle too, and those whose base is their participle only. */
const SAME_PAST = set(
  'bet bid burst cast cost cut hit hurt let put quit read rid set shed shut slit split spread thrust upset',
);
const SAME_PARTICIPLE = set('come become overcome run');

function verbFormsOf({ form, word, classes, analyses }: KnownForm): number {
  const isVerb = (classes & OPEN_CLASS.verb) !== 0;
  const { slot } = lemmatise(word, 'VERB', word === form ? analyses : analyse(word));
  const samePast = isVerb && SAME_PAST.has(word);
  const sameParticiple = SAME_PARTICIPLE.has(word);
  let forms = 0;
  // 'found' and 'saw' are pasts of other verbs before they are verbs themselves.
  if (isVerb && (slot === 'base' || samePast || sameParticiple)) forms |= VERB_FORM.base;
  if (slot === 'past' || samePast) forms |= VERB_FORM.past;
  if (slot === 'participle' || slot === 'past' || samePast || sameParticiple) forms |= VERB_FORM.participle;
  if (slot === 'third') forms |= VERB_FORM.third;
  if (slot === 'gerund') forms |= VERB_FORM.gerund;
  return forms;
}

/** Forms that are remembered at least; about 30 MB of them at most. */
const REMEMBERED_FORMS = 1 << 15;

const forms = new Recent(REMEMBERED_FORMS, (form) => new KnownForm(form));

/** What is known of a plain form. */
export function knownForm(form: string): KnownForm {
  return forms.get(form);
}
