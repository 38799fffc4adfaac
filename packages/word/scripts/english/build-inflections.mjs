// Builds data/english/inflections.json: English forms that differ from the spelling rules, frozen with a hash.
// Sources, read from installed packages: en-inflectors (infinitives), wink-lexicon (WordNet exceptions), compromise; what
// they disagree on is settled by evidence.mjs. Run after `tsc -b`:
//   node packages/word/scripts/english/build-inflections.mjs [--check]   (--check compares and writes nothing)
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { doublingHead, verbCompound } from '../../dist/english/compounds.js';
import { alternateForms, regularForm } from '../../dist/english/regular-forms.js';
import { attestation, lastStress, pluralAttestation } from './evidence.mjs';

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
  past: { be: 'was', bus: 'bused', quit: 'quit', tippytoe: 'tippytoed' },
  participle: { strike: 'struck' },
  first: { be: 'am' },
  presentPlural: { be: 'are' },
  pastPlural: { be: 'were' },
  gerund: { singe: 'singeing', swinge: 'swingeing', bus: 'busing' },
  plural: { colon: 'colons' },
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
    if (lemma !== form && !invariable.test(lemma) && isOfThis(lemma, form)) vote('plural', lemma, form, 2);
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

/** The list has a few forms with letters missing or moved ('gemboks' of 'gemsbok'): a plural keeps the beginning of its word. */
function isOfThis(lemma, form) {
  if (/ings?$/.test(form) || form === 'diathses') return false;
  return form.startsWith(lemma.length > 5 ? lemma.slice(0, -3) : lemma.slice(0, Math.max(0, lemma.length - 4)));
}

function isDoubled(lemma, form) {
  return [`${lemma}${lemma.at(-1)}ed`, `${lemma}${lemma.at(-1)}ing`].includes(form);
}

/** WordNet does not say which form of a verb an exception is; the ending does. */
function verbSlot(lemma, form) {
  if (form.endsWith('ing')) return 'gerund';
  if (form.endsWith('s') && !lemma.endsWith('s')) return 'third';
  return /(?:n|ne|um|un[gk])$/.test(form) ? 'participle' : 'past';
}

// A verb that is stressed on its last syllable doubles its consonant; one that is stressed before does not.
const VOWEL_CONSONANT = /(?:[^aeiou]|qu)[aeiouy][^aeiouywxhck]$/;
for (const line of readFileSync(new URL('../../data/english/lemmas.txt', import.meta.url), 'utf8').split('\n')) {
  const [parts, list] = line.split('\t');
  if (!parts.split('+').includes('verb')) continue;
  for (const lemma of list.split(' ')) {
    if (!VOWEL_CONSONANT.test(lemma) || irregular(lemma) || doublingHead(lemma) !== undefined) continue;
    const stress = lastStress(lemma);
    if (stress !== 'primary' && stress !== 'none') continue;
    const stem = stress === 'primary' ? lemma + lemma.at(-1) : lemma;
    vote('past', lemma, `${stem}ed`, 2);
    vote('gerund', lemma, `${stem}ing`, 2);
  }
}

function irregular(lemma) {
  return [...(votes.get('past')?.get(lemma)?.keys() ?? [])].some((form) => !form.endsWith('ed'));
}

// What a compound has from its head: a vote, so that 'unmade' wins over 'unmaked'.
for (const slot of ['past', 'participle']) {
  for (const lemma of [...votes.get(slot).keys()]) {
    const compound = verbCompound(lemma);
    const ofHead = compound && votes.get(slot).get(compound.head);
    for (const form of ofHead?.keys() ?? []) {
      vote(slot, lemma, compound.modifier + form, 2.5);
    }
  }
}

/** Verbs that are regular by the principle but for their last syllable's second stress. */
const UNSTRESSED = new Set(['bayonet', 'bus', 'combat']);
/**
 * Whether a doubled consonant stands second: it does where the last syllable has no stress, in -l as well (American
 * 'traveled'), where the dictionary of sounds does not say that it has.
 */
function isSingle(lemma) {
  if (UNSTRESSED.has(lemma)) return true;
  const stress = lastStress(lemma);
  if (stress === 'none') return true;
  return stress !== 'primary' && /[aeiouy].*[aeiouy]l$/.test(lemma) && !regularForm(lemma, 'past').endsWith('lled');
}

/** Plurals that English formed itself stand first: 'leaves', 'teeth', 'crises', 'heroes'. */
const NATIVE = /(?:ves|men|feet|teeth|geese|mice|lice|ren|oxen|[sx]es|people)$/;
/** Learned plurals that stand first even where neither spelling is attested: 'alveoli', 'cortices', 'larynges'. */
const isLearnedFirst = (lemma, form) => /(?:[ai]ces|nges)$/.test(form) || (lemma.endsWith('us') && form.endsWith('i'));

function isPluralSecond(lemma, form, byRule) {
  if (form === byRule) return false;
  if (/[^aeiou]oes$/.test(form)) {
    const [own, regular] = [pluralAttestation(lemma, form), pluralAttestation(lemma, `${lemma}s`)];
    return own < regular;
  }
  if (NATIVE.test(form)) return attestation(byRule) > attestation(form);
  const [own, regular] = [pluralAttestation(lemma, form), pluralAttestation(lemma, byRule)];
  return own < regular || (own === regular && !isLearnedFirst(lemma, form));
}

/** Bits by which a regular form must be better attested: it is written twice as often. */
const CLEARLY = 1;
/** An irregular form stands second where the regular one is better attested; in -t ('burnt', 'spelt') if only as well. */
function isVerbSecond(slot, lemma, form, byRule) {
  if (form === byRule || byRule === undefined || isDoubled(lemma, form)) return false;
  const [own, regular] = [attestation(form), attestation(byRule)];
  const inT = slot === 'past' && /[lmnkp]t$/.test(form);
  return regular > 0 && (inT || own === 0 ? regular >= own : regular > own + CLEARLY);
}

const standsSecond = (slot, lemma, form, byRule) =>
  slot === 'plural'
    ? isPluralSecond(lemma, form, byRule)
    : (isDoubled(lemma, form) && isSingle(lemma)) || isVerbSecond(slot, lemma, form, byRule);

/** slot -> lemma -> forms, the one with most votes first; the rules have a vote too, ties go to the form named first. */
const found = new Map();
for (const [slot, lemmas] of votes) {
  const ranked = new Map();
  for (const [lemma, forms] of lemmas) {
    const byRule = regularForm(lemma, slot === 'participle' ? 'past' : slot);
    if (byRule !== undefined && slot !== 'participle') vote(slot, lemma, byRule);
    if (slot === 'participle' && [...forms.keys()].some((form) => isVerbSecond(slot, lemma, form, byRule)))
      vote(slot, lemma, byRule, 1);
    const rank = new Map([...forms.keys()].map((form) => [form, standsSecond(slot, lemma, form, byRule) ? 1 : 0]));
    const sorted = [...forms].sort((a, b) => rank.get(a[0]) - rank.get(b[0]) || b[1] - a[1]);
    const isCertain = sorted.some(([, weight]) => weight >= certain);
    ranked.set(
      lemma,
      sorted.filter(([, weight]) => weight >= certain || !isCertain).map(([form]) => form),
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
      // Spelled as the past first, and otherwise second, is worth keeping: 'mowed', 'mown'.
      if (kept[0] !== past[0] || kept.some((form) => !past.includes(form))) entries[lemma] = kept;
    } else if (kept.length > 1 || kept[0] !== byRule) {
      entries[lemma] = kept;
    }
  }
  table[slot] = Object.fromEntries(Object.entries(entries).map(([lemma, forms]) => [lemma, forms.join(' ')]));
}

const text = `${JSON.stringify(table, undefined, 1)}\n`;
const hash = createHash('sha256').update(text).digest('hex');
const data = new URL('../../data/english/inflections.json', import.meta.url);
if (process.argv.includes('--check')) {
  const same = readFileSync(data, 'utf8') === text;
  console.log(
    same ? `the frozen table is what its sources give: ${hash}` : 'the frozen table differs from its sources',
  );
  process.exit(same ? 0 : 1);
}
writeFileSync(data, text);
writeFileSync(
  new URL('../../src/english/inflections-hash.ts', import.meta.url),
  `// The hash of data/english/inflections.json, so that a table that was changed by hand is noticed.\n// Written by scripts/english/build-inflections.mjs.\n\n/** SHA-256 of data/english/inflections.json, in hexadecimal. */\nexport const INFLECTIONS_SHA256 = '${hash}';\n`,
);
for (const slot in table) console.log(`${slot}: ${Object.keys(table[slot]).length} lemmas`);
console.log(`sha256 ${hash}`);
