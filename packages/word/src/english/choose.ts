// Which of a form's readings is meant where it has this tag and this role; only what realises back to the form is a reading.
// From: Strata, WORDS (analysis by synthesis).
import { closedReadings } from './closed-class.js';
import { CLOSED_SET } from './closed-sets.js';
import type { KnownForm } from './known-forms.js';
import { OPEN_CLASS, openClassesOf } from './known-lemmas.js';
import { asItself, lemmatise } from './lemmatise.js';
import { type Analysis, realizations } from './realize.js';

/** What a word is beside its tag: nothing, a past, a participle, cut off before "n't". */
export const ROLE = { none: 0, past: 1, participle: 2, cutOff: 3 } as const;
export type Role = (typeof ROLE)[keyof typeof ROLE];

const PLURAL_NAME = /s$/u;

/** The reading of a form; the same object each time, as long as the form is remembered. */
export function choose(known: KnownForm, tag: string, role: Role): Analysis {
  const { chosen } = known;
  for (let at = 0; at < chosen.length; at++) {
    const one = chosen[at]!;
    if (one.tag === tag && one.role === role) return one.reading;
  }
  const reading = chooseAnew(known, tag, role);
  chosen.push({ tag, role, reading });
  return reading;
}

function chooseAnew(known: KnownForm, tag: string, role: Role): Analysis {
  const { form, analyses } = known;
  const own = asItself(form);
  const closed = closedReadings(form);
  if (closed.length > 0) return ofClosed(known, tag, role, closed) ?? own;
  switch (tag) {
    case 'NOUN':
    case 'ADJ':
    case 'ADV':
      return lemmatise(form, tag, analyses);
    case 'PROPN':
      return ofName(known);
    case 'AUX':
    case 'VERB':
      return ofVerb(known, role);
    default:
      return own;
  }
}

/** A form of a closed class; undefined where it is itself here. */
function ofClosed(
  { form, word, sets, analyses }: KnownForm,
  tag: string,
  role: Role,
  closed: readonly Analysis[],
): Analysis | undefined {
  const find = (lemma: string): Analysis | undefined => closed.find((one) => one.lemma === lemma);
  if ((sets & CLOSED_SET.cutOff) !== 0) return role === ROLE.cutOff ? closed[0] : undefined;
  if (word === "'s") return find(tag === 'AUX' ? 'be' : tag === 'VERB' ? 'have' : "'s");
  if (word === "'d") return find(tag === 'VERB' ? 'have' : 'would');
  if (form === 'her') return tag === 'PRON' ? find('she') : undefined;
  if (form === 'better' || form === 'best') return lemmatise(form, tag === 'ADV' ? 'ADV' : 'ADJ', analyses);
  return tag === 'PROPN' ? undefined : closed[0];
}

/** Names in the plural: 'Palestinians', where the singular is known and the form is no name of its own ('James', 'Paris'). */
function ofName({ form, analyses }: KnownForm): Analysis {
  const own = asItself(form);
  if (openClassesOf(form) !== 0) return own;
  if (form.endsWith('est')) return lemmatise(form, 'ADJ', analyses);
  if (!PLURAL_NAME.test(form)) return own;
  const plural = lemmatise(form, 'NOUN', analyses);
  return (openClassesOf(plural.lemma) & (OPEN_CLASS.noun | OPEN_CLASS.adj)) !== 0 ? plural : own;
}

function ofVerb({ form, analyses }: KnownForm, role: Role): Analysis {
  const isVerb = (openClassesOf(form) & OPEN_CLASS.verb) !== 0;
  const participle = role === ROLE.participle;
  if (isVerb && (participle || role === ROLE.past)) {
    // 'put', 'come', 'read': one spelling for the verb itself and what it is here.
    for (const slot of participle ? (['participle', 'past'] as const) : (['past'] as const)) {
      if (realizations(form, slot)[0] === form) return { lemma: form, slot, variant: 0 };
    }
  }
  const found = lemmatise(form, 'VERB', analyses);
  // 'found', 'saw': after an auxiliary that wants the base, the verb is another one.
  if (isVerb && role === ROLE.none && (found.slot === 'past' || found.slot === 'participle')) return asItself(form);
  if (!participle || found.slot !== 'past') return found;
  // Most participles are spelled as the past is; here the reading says which it is.
  const variant = realizations(found.lemma, 'participle').indexOf(form);
  return variant < 0 ? found : { lemma: found.lemma, slot: 'participle', variant };
}
