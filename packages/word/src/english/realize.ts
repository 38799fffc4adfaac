// Realising: the surface forms of a lemma in a slot, the commonest first; and analysing, which is realising undone.
// Source: analysis by synthesis (the project's own design): an analysis counts only if realising it gives the form back.
import { closedForms, closedReadings } from './closed-class.js';
import { PLURAL_HEADS, verbCompound } from './compounds.js';
import { inflections } from './inflections.js';
import { alternateForms, regularForm } from './regular-forms.js';
import { SLOT_NAMES, type SlotName } from './slots.js';

/** One way to read a form: `realizations(lemma, slot)[variant]` is the form. */
export interface Analysis {
  readonly lemma: string;
  readonly slot: SlotName;
  /** 0 for the first choice of spelling, then its variants. */
  readonly variant: number;
}

/** All forms of a lower-case lemma in a slot, from the table, the rules and their alternates; empty where there is none. */
export function realizations(lemma: string, slot: SlotName): readonly string[] {
  const closed = closedForms(lemma, slot);
  if (closed !== undefined) return closed;
  if (slot === 'base') return [lemma];
  const listed = inflections().get(slot)?.get(lemma) ?? [];
  // Where the table is silent on a participle, it is spelled as the past.
  if (listed.length === 0 && VERB_SLOTS.has(slot)) {
    const compound = verbCompound(lemma);
    if (compound !== undefined) return compoundForms(lemma, compound, slot);
  }
  if (slot === 'participle' && listed.length === 0) return realizations(lemma, 'past');
  const regular = regularForm(lemma, slot);
  const forms = regular === undefined ? listed : [...listed, regular, ...alternateForms(lemma, slot)];
  return [...new Set(forms)];
}

const VERB_SLOTS: ReadonlySet<SlotName> = new Set(['past', 'participle', 'gerund']);

/** Forms of 'undergo' after those of 'go'; the past and the regular form of the whole word stand behind them. */
function compoundForms(
  lemma: string,
  { modifier, head }: { readonly modifier: string; readonly head: string },
  slot: SlotName,
): readonly string[] {
  const own = slot === 'participle' ? (inflections().get('past')?.get(lemma) ?? []) : [];
  const regular = regularForm(lemma, slot === 'participle' ? 'past' : slot);
  const derived = realizations(head, slot).map((form) => modifier + form);
  return [...new Set([...derived, ...own, ...(regular === undefined ? [] : [regular])])];
}

/** The first-choice form of a lower-case lemma in a slot, or undefined where English has none there. */
export function realize(lemma: string, slot: SlotName): string | undefined {
  return realizations(lemma, slot)[0];
}

/**
 * Every analysis of a lower-case form, itself as a base first, then slot by slot; irregular ('bring' -> 'brought') and
 * regular ones alike; lemmas need not exist: the caller knows which words there are.
 */
export function analyse(form: string): readonly Analysis[] {
  const analyses: Analysis[] = [{ lemma: form, slot: 'base', variant: 0 }, ...closedReadings(form)];
  for (const slot of SLOT_NAMES) {
    if (slot === 'base') continue;
    for (const lemma of lemmasOf(form, slot)) {
      if (lemma === form || closedForms(lemma, slot) !== undefined) continue;
      const variant = realizations(lemma, slot).indexOf(form);
      if (variant >= 0) analyses.push({ lemma, slot, variant });
    }
  }
  return analyses;
}

/** Lemmas that may have a form in a slot, each once. */
function lemmasOf(form: string, slot: SlotName): readonly string[] {
  const lemmas: string[] = [];
  const add = (lemma: string): void => {
    if (!lemmas.includes(lemma)) lemmas.push(lemma);
  };
  listedLemmas().get(slot)?.get(form)?.forEach(add);
  if (slot === 'participle') listedLemmas().get('past')?.get(form)?.forEach(add);
  addStrippedStems(form, slot, add);
  if (VERB_SLOTS.has(slot)) addCompoundLemmas(form, slot, add);
  return lemmas;
}

/** 'underwent': of 'undergo', where 'went' is listed. */
function addCompoundLemmas(form: string, slot: SlotName, add: (lemma: string) => void): void {
  const listed = listedLemmas().get(slot);
  const pasts = slot === 'past' ? undefined : listedLemmas().get('past');
  for (let at = 2; at <= form.length - 2; at++) {
    const rest = form.slice(at);
    for (const heads of [listed?.get(rest), pasts?.get(rest)]) {
      if (heads !== undefined) for (const head of heads) add(form.slice(0, at) + head);
    }
  }
}

let inverse: ReadonlyMap<SlotName, ReadonlyMap<string, readonly string[]>> | undefined;

/** The table turned round: slot -> form -> lemmas. */
function listedLemmas(): ReadonlyMap<SlotName, ReadonlyMap<string, readonly string[]>> {
  if (inverse !== undefined) return inverse;
  const turned = new Map<SlotName, Map<string, string[]>>();
  for (const [slot, entries] of inflections()) {
    const lemmas = new Map<string, string[]>();
    turned.set(slot, lemmas);
    for (const [lemma, forms] of entries) {
      for (const form of forms) lemmas.set(form, [...(lemmas.get(form) ?? []), lemma]);
    }
  }
  inverse = turned;
  return turned;
}

/** Suffixes of a slot's regular forms with what the lemma may have had there instead; realising weeds out the wrong ones. */
const SUFFIXES: Partial<Record<SlotName, readonly (readonly [suffix: string, replacements: readonly string[]])[]>> = {
  plural: [
    ['s', ['']],
    ['es', ['', 'is']],
    ['ies', ['y']],
    ['men', ['man']],
    ['zes', ['']],
    ['a', ['um', 'on']],
    ['i', ['us']],
    ['ae', ['a']],
    ['ata', ['a']],
    ['ices', ['ex', 'ix']],
    ['ides', ['is']],
    ['ves', ['f', 'fe']],
    ...PLURAL_HEADS.map(([head, plural]) => [plural, [head]] as const),
  ],
  third: [
    ['s', ['']],
    ['es', ['']],
    ['ies', ['y']],
    ['zes', ['']],
  ],
  gerund: [
    ['ing', ['', 'e']],
    ['ying', ['ie']],
    ['king', ['']],
  ],
  past: [
    ['d', ['']],
    ['ed', ['']],
    ['ied', ['y']],
    ['ked', ['']],
  ],
  comparative: [
    ['r', ['']],
    ['er', ['']],
    ['ier', ['y', 'ey']],
  ],
  superlative: [
    ['st', ['']],
    ['est', ['']],
    ['iest', ['y', 'ey']],
  ],
};

function addStrippedStems(form: string, slot: SlotName, add: (lemma: string) => void): void {
  for (const [suffix, replacements] of SUFFIXES[slot === 'participle' ? 'past' : slot] ?? []) {
    if (!form.endsWith(suffix)) continue;
    const stem = form.slice(0, -suffix.length);
    for (const replacement of replacements) if (stem.length + replacement.length > 1) add(stem + replacement);
    if (stem.length > 2 && stem.at(-1) === stem.at(-2)) add(stem.slice(0, -1));
  }
}
