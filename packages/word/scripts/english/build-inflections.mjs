// Builds data/english/inflections.json: English forms that differ from the spelling rules, frozen with a hash.
// Sources, read from installed packages: en-inflectors (infinitives), wink-lexicon (WordNet exceptions), compromise.
// Run after `tsc -b`: node packages/word/scripts/english/build-inflections.mjs
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { alternateForms, regularForm } from '../../dist/english/regular-forms.js';

const require = createRequire(new URL('../../../../package.json', import.meta.url));
const word = /^[a-z]{2,16}$/;

/** slot -> lemma -> form -> votes. */
const votes = new Map();

function vote(slot, lemma, form, weight = 1) {
  if (!word.test(lemma) || !word.test(form)) return;
  if (!votes.has(slot)) votes.set(slot, new Map());
  const lemmas = votes.get(slot);
  if (!lemmas.has(lemma)) lemmas.set(lemma, new Map());
  const forms = lemmas.get(lemma);
  forms.set(form, (forms.get(form) ?? 0) + weight);
}

// The forms of 'be', what every source has wrong, and modal verbs, which have no forms.
const certain = 100;
const byHand = {
  third: { be: 'is', have: 'has', do: 'does' },
  past: { be: 'was' },
  first: { be: 'am' },
  presentPlural: { be: 'are' },
  pastPlural: { be: 'were' },
  gerund: { singe: 'singeing', swinge: 'swingeing' },
};
for (const [slot, forms] of Object.entries(byHand)) {
  for (const lemma in forms) vote(slot, lemma, forms[lemma], certain);
}
const modals = new Set(['can', 'may', 'must', 'shall', 'will']);

const { infinitives } = require('en-inflectors');
for (const [lemma, [, past, participle, , gerund]] of Object.entries(infinitives)) {
  if (modals.has(lemma)) continue;
  // Its third persons are left out: a dozen are wrong ('botchs'), and the rules have the rest.
  vote('past', lemma, past, isDoubled(lemma, past) ? 0.9 : 1);
  if (participle !== past) vote('participle', lemma, participle);
  if (gerund.endsWith('ing')) vote('gerund', lemma, gerund, isDoubled(lemma, gerund) ? 0.9 : 1);
}

const compromise = require('compromise').model().two;
for (const [model, slot] of [
  ['toPast', 'past'],
  ['toPresent', 'third'],
  ['toGerund', 'gerund'],
  ['toParticiple', 'participle'],
  ['toComparative', 'comparative'],
  ['toSuperlative', 'superlative'],
]) {
  for (const [lemma, form] of Object.entries(compromise.models[model].ex)) {
    if (lemma !== 'is' && !modals.has(lemma)) vote(slot, lemma, form);
  }
}
for (const [lemma, form] of Object.entries(compromise.irregularPlurals)) vote('plural', lemma, form, 2);
const invariable = /.(?:fish|fowl|folk)$/;

const lemmasOf = (value) => (Array.isArray(value) ? value : [value]);
for (const [form, value] of Object.entries(require('wink-lexicon/src/wn-noun-exceptions.js'))) {
  for (const lemma of lemmasOf(value)) {
    // A learned plural ('abscissae') stands after the regular one unless a second source prefers it.
    const learned = /(?:ae|i|a|ces|eaux)$/.test(form);
    if (lemma !== form && !invariable.test(lemma) && isOfThis(lemma, form))
      vote('plural', lemma, form, learned ? 0.5 : 2);
  }
}
for (const [form, value] of Object.entries(require('wink-lexicon/src/wn-adjective-exceptions.js'))) {
  for (const lemma of lemmasOf(value)) {
    if (lemma === form) continue;
    if (form.endsWith('er')) vote('comparative', lemma, form, 2);
    if (form.endsWith('est')) vote('superlative', lemma, form, 2);
  }
}
for (const [form, value] of Object.entries(require('wink-lexicon/src/wn-verb-exceptions.js'))) {
  for (const lemma of lemmasOf(value)) {
    // WordNet is right about doubled consonants where the others are not; but 'travelled' is a matter of country.
    if (lemma !== form && !modals.has(lemma)) {
      vote(verbSlot(lemma, form), lemma, form, isDoubled(lemma, form) && !/[aeiou].*l$/.test(lemma) ? 2.5 : 1);
    }
  }
}

/** The list has a few forms with letters missing ('hynia' of 'hymenium'): a plural keeps the beginning of its word. */
function isOfThis(lemma, form) {
  return form.startsWith(lemma.slice(0, Math.max(0, lemma.length - 4))) && form !== 'diathses';
}

/** Nouns in -o whose plural takes an e in all sources; in others the younger -os stands first. */
const TAKES_OES =
  /(?:buffalo|cargo|domino|echo|embargo|hero|innuendo|mango|mosquito|negro|no|potato|tomato|tornado|torpedo|veto|volcano)$/;

/** Verbs in -l that are stressed on it double it everywhere; in others the doubled l is British, and stands second. */
const STRESSED_L =
  /(?:annul|appal|befal|compel|control|dispel|distil|enrol|enthral|excel|expel|extol|fulfil|impel|instil|patrol|propel|rebel|repel)$/;
/** Others whose last syllable has no stress, where sources disagree. */
const UNSTRESSED = new Set('bayonet benefit bias bus combat focus hiccup worship'.split(' '));
const single = (lemma) =>
  (/[aeiou]l$/.test(lemma) && !STRESSED_L.test(lemma) && /[aeiouy].*[aeiou]l$/.test(lemma)) || UNSTRESSED.has(lemma);

function isDoubled(lemma, form) {
  return [`${lemma}${lemma.at(-1)}ed`, `${lemma}${lemma.at(-1)}ing`].includes(form);
}

/** WordNet does not say which form of a verb an exception is; the ending does. */
function verbSlot(lemma, form) {
  if (form.endsWith('ing')) return 'gerund';
  if (form.endsWith('s') && !lemma.endsWith('s')) return 'third';
  return /(?:n|ne|um|un[gk])$/.test(form) ? 'participle' : 'past';
}

/** slot -> lemma -> forms, the one with most votes first; the rules have a vote too, ties go to the form named first. */
const found = new Map();
for (const [slot, lemmas] of votes) {
  const ranked = new Map();
  for (const [lemma, forms] of lemmas) {
    const byRule = regularForm(lemma, slot);
    if (byRule !== undefined) vote(slot, lemma, byRule);
    const second = (form) =>
      (single(lemma) && isDoubled(lemma, form)) ||
      (slot === 'plural' && /[^aeiou]oes$/.test(form) && !TAKES_OES.test(lemma))
        ? 1
        : 0;
    const sorted = [...forms].sort((a, b) => second(a[0]) - second(b[0]) || b[1] - a[1]);
    ranked.set(
      lemma,
      sorted.filter(([, weight]) => weight >= certain || sorted[0][1] < certain).map(([form]) => form),
    );
  }
  found.set(slot, ranked);
}

const table = {};
for (const slot of [...found.keys()].sort()) {
  const entries = {};
  for (const lemma of [...found.get(slot).keys()].sort()) {
    const forms = found.get(slot).get(lemma);
    const byRule = regularForm(lemma, slot);
    const alternates = alternateForms(lemma, slot);
    // What the rules give anyway, in their order, need not be kept.
    const kept = forms.filter((form, index) => !(index > 0 && (form === byRule || alternates.includes(form))));
    if (slot === 'participle') {
      const past = found.get('past')?.get(lemma) ?? [regularForm(lemma, 'past')];
      const own = kept.filter((form) => !past.includes(form));
      if (own.length > 0) entries[lemma] = own;
    } else if (kept.length > 1 || kept[0] !== byRule) {
      entries[lemma] = kept;
    }
  }
  table[slot] = Object.fromEntries(Object.entries(entries).map(([lemma, forms]) => [lemma, forms.join(' ')]));
}

const text = `${JSON.stringify(table, undefined, 1)}\n`;
const hash = createHash('sha256').update(text).digest('hex');
writeFileSync(new URL('../../data/english/inflections.json', import.meta.url), text);
writeFileSync(
  new URL('../../src/english/inflections-hash.ts', import.meta.url),
  `// The hash of data/english/inflections.json, so that a table that was changed by hand is noticed.\n// Written by scripts/english/build-inflections.mjs.\n\n/** SHA-256 of data/english/inflections.json, in hexadecimal. */\nexport const INFLECTIONS_SHA256 = '${hash}';\n`,
);
for (const slot in table) console.log(`${slot}: ${Object.keys(table[slot]).length} lemmas`);
console.log(`sha256 ${hash}`);
