// Builds data/spanish/table.json: Spanish forms that differ from the rules, and which lemmas are known, frozen with a hash.
// Source, read from the installed package: es-compromise (conjugation models, lexicon); and closed lists by hand, below.
// Run after `tsc -b`: node packages/word/scripts/spanish/build-table.mjs
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { nominalForm } from '../../dist/spanish/nominal-forms.js';
import { VERB_DERIVATION, verbForm } from '../../dist/spanish/verb-forms.js';
import {
  BELIEVED,
  BY_HAND,
  COMPOUNDS,
  INVARIANT_NOUNS,
  isGuess,
  MORE_VERBS,
  NOT_SPANISH,
  STEM_CHANGES,
} from './by-hand.mjs';

const nlp = createRequire(new URL('../../package.json', import.meta.url))('es-compromise');
const { verb, adjective } = nlp.methods().two.transform;
const { lexicon } = nlp.model().one;

const word = /^[a-zñáéíóúü]{2,16}$/;
/** Some entries of the lexicon are Portuguese. */
const foreign = /ss|ç|nh|[ãõêôâà]|^[^aeiouáéíóúü]*lh|gem$|ei[a-z]ar$/;
const tagged = (tag) =>
  Object.keys(lexicon).filter((entry) => lexicon[entry] === tag && word.test(entry) && !foreign.test(entry));
const sorted = (words) => [...new Set(words)].sort();

/** Others only show it in their inflection: "abafam". */
const portuguese = (lemma) => /m$/.test(verb.toPresent(lemma).thirdPlural);
const listed = (text) => text.trim().split(/\s+/);
const bases = new Map(COMPOUNDS.flatMap(([base, compounds]) => listed(compounds).map((compound) => [compound, base])));
const stems = new Map(STEM_CHANGES.flatMap(([from, to, lemmas]) => listed(lemmas).map((lemma) => [lemma, [from, to]])));
const verbs = sorted([
  ...tagged('Infinitive').filter((lemma) => /[aeií]r$/.test(lemma) && !portuguese(lemma) && !NOT_SPANISH.has(lemma)),
  ...listed(MORE_VERBS),
  ...bases.keys(),
  ...stems.keys(),
]);
/** The package lists some inflected forms as if they were lemmas. */
function lemmasOnly(words) {
  const inflected = new Set(
    words.flatMap((lemma) => ['plural', 'feminine', 'femininePlural'].map((slot) => nominalForm(lemma, slot))),
  );
  return words.filter((lemma) => !inflected.has(lemma) && !/[aeo]s$/.test(lemma));
}
const adjectives = lemmasOnly(sorted(tagged('Adjective')));
const nouns = sorted([...lemmasOnly(sorted(tagged('Noun'))), ...listed(INVARIANT_NOUNS)]);

/** slot -> (lemma -> form) as the package has it; a form it cannot make comes back as the infinitive. */
function conjugate(lemma) {
  const [present, past, future, conditional, subjunctive] = [
    verb.toPresent(lemma),
    verb.toPast(lemma),
    verb.toFuture(lemma),
    verb.toConditional(lemma),
    verb.toSubjunctive(lemma),
  ];
  const forms = {
    presentFirst: present.first,
    presentSecond: present.second,
    presentThird: present.third,
    presentFirstPlural: present.firstPlural,
    presentThirdPlural: present.thirdPlural,
    pastFirst: past.first,
    pastSecond: past.second,
    pastThird: past.third,
    pastFirstPlural: past.firstPlural,
    pastThirdPlural: past.thirdPlural,
    futureFirst: future.first,
    futureThird: future.third,
    futureThirdPlural: future.thirdPlural,
    conditional: conditional.third,
    conditionalThirdPlural: conditional.thirdPlural,
    subjunctive: subjunctive.third,
    subjunctiveSecond: subjunctive.second,
    subjunctiveThirdPlural: subjunctive.thirdPlural,
    gerund: verb.toGerund(lemma),
    participle: verb.toPerfecto(lemma),
  };
  return Object.fromEntries(Object.entries(forms).filter(([, form]) => form !== lemma && word.test(form)));
}

const table = {};
function list(slot, lemma, forms) {
  table[slot] ??= {};
  table[slot][lemma] = forms;
}

/** The form as a list above has it: of the verb itself, of the verb at its end, or by its stem change. */
function byHand(lemma, slot, byRule) {
  const own = BY_HAND[slot]?.[lemma];
  if (own !== undefined) return own;
  if (slot !== 'presentThird' || !stems.has(lemma)) return undefined;
  const [from, to] = stems.get(lemma);
  const at = byRule.slice(0, -1).lastIndexOf(from);
  const changed = byRule.slice(0, at) + to + byRule.slice(at + from.length);
  // At the start of a word the diphthong is spelled "hue"; after g it keeps its u heard.
  return changed
    .replace(/^ue/, 'hue')
    .replace(/gue(?=nza)/, 'güe')
    .replace(/gue(?=lla)/, 'güe');
}

/** What stands before the end that compound and base share: "conducir" has "con" where "producir" has "pro". */
function compoundForm(compound, base, form) {
  let shared = 0;
  while (shared < base.length && base.at(-1 - shared) === compound.at(-1 - shared)) shared++;
  const [head, baseHead] = [compound.slice(0, compound.length - shared), base.slice(0, base.length - shared)];
  return form.startsWith(baseHead) ? head + form.slice(baseHead.length) : undefined;
}

const conjugations = new Map();
let compared = 0;
let derived = 0;
let derivedDiffering = 0;
const differing = [];
function learn(lemma) {
  if (conjugations.has(lemma)) return conjugations.get(lemma);
  const base = bases.get(lemma);
  const baseForms = base === undefined ? undefined : learn(base);
  const found = conjugate(lemma);
  const known = new Map();
  const part = (slot) => known.get(slot) ?? verbForm(lemma, slot, part);
  for (const slot of VERB_DERIVATION) {
    const byRule = verbForm(lemma, slot, part);
    let forms = byHand(lemma, slot, byRule);
    if (forms === undefined && base !== undefined && (table[slot]?.[base] ?? '') !== '')
      forms = compoundForm(lemma, base, baseForms.get(slot));
    const model = found[slot];
    if (
      forms === undefined &&
      base === undefined &&
      !NOT_SPANISH.has(lemma) &&
      model !== undefined &&
      !portuguese(lemma)
    )
      if (BELIEVED.has(slot) && !isGuess(lemma, slot, model)) forms = model;
    forms ??= byRule;
    known.set(slot, forms.split(' ')[0]);
    if (forms !== byRule) list(slot, lemma, forms);
    if (model !== undefined && !portuguese(lemma)) {
      compared++;
      if (!BELIEVED.has(slot)) derived++;
      if (model !== known.get(slot) && !BELIEVED.has(slot)) derivedDiffering++;
      if (model !== known.get(slot)) differing.push(`${lemma} ${slot}: here ${known.get(slot)}, package ${model}`);
    }
  }
  conjugations.set(lemma, known);
  return known;
}
for (const lemma of verbs) learn(lemma);
for (const slot of ['plural', 'feminine', 'femininePlural']) {
  for (const [lemma, form] of Object.entries(BY_HAND[slot] ?? {}))
    if (nominalForm(lemma, slot) !== form) list(slot, lemma, form);
}
const byName = (entries) => Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
const json = {
  forms: byName(Object.fromEntries(Object.entries(table).map(([slot, entries]) => [slot, byName(entries)]))),
  verbs: verbs.join(' '),
  nouns: nouns.join(' '),
  adjectives: adjectives.join(' '),
};

const text = `${JSON.stringify(json, undefined, 1)}\n`;
const hash = createHash('sha256').update(text).digest('hex');
writeFileSync(new URL('../../data/spanish/table.json', import.meta.url), text);
writeFileSync(
  new URL('../../src/spanish/table-hash.ts', import.meta.url),
  `// The hash of data/spanish/table.json, so that a table that was changed by hand is noticed.\n// Written by scripts/spanish/build-table.mjs.\n\n/** SHA-256 of data/spanish/table.json, in hexadecimal. */\nexport const SPANISH_TABLE_SHA256 = '${hash}';\n`,
);
for (const slot in json.forms) console.log(`${slot}: ${Object.keys(json.forms[slot]).length} lemmas`);
console.log(`${verbs.length} verbs, ${nouns.length} nouns, ${adjectives.length} adjectives`);
console.log(`forms of the package that come out alike here: ${compared - differing.length} of ${compared}`);
console.log(`of these, in slots for which the package is no source: ${derived - derivedDiffering} of ${derived}`);
if (process.argv.includes('--differing')) console.log(differing.join('\n'));
let agreeing = 0;
let asked = 0;
for (const lemma of adjectives) {
  for (const [slot, form] of [
    ['feminine', adjective.toFemale(lemma)],
    ['plural', adjective.toPlural(lemma)],
  ]) {
    if (form === lemma) continue;
    asked++;
    if (nominalForm(lemma, slot) === form) agreeing++;
    else if (process.argv.includes('--differing'))
      console.log(`${lemma} ${slot}: here ${nominalForm(lemma, slot)}, package ${form}`);
  }
}
console.log(
  `adjectives' forms of the package that the rules give, the package not being their source: ${agreeing} of ${asked}`,
);
console.log(`sha256 ${hash}`);
