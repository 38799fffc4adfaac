// Builds data/english/lemmas.txt: which words are English lemmas, by part of speech, frozen with a hash.
// Sources, read from installed packages: wink-lexicon's word list with senses, which is WordNet 3.0's index of single words, and
// the verbs of en-inflectors, since that list lacks a few ('go').
// Run: node packages/word/scripts/english/build-lemmas.mjs
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../../package.json', import.meta.url));
const ids = require('wink-lexicon/src/wn-words.js');
const sensesOf = require('wink-lexicon/src/wn-word-senses.js');
const senses = require('wink-lexicon/src/wn-senses.js');

const PARTS = ['noun', 'verb', 'adj', 'adv'];
const NO_VERBS = new Set(['ex', 'may', 'must', 'shall']);
const verbs = new Set(Object.keys(require('en-inflectors').infinitives).filter((verb) => !NO_VERBS.has(verb)));
/** Part-of-speech mask -> words. */
const groups = new Map();
for (const word of new Set([...Object.keys(ids), ...verbs])) {
  if (!/^[a-z]{2,16}$/.test(word)) continue;
  let mask = verbs.has(word) ? 1 << PARTS.indexOf('verb') : 0;
  for (const sense of sensesOf[ids[word]] ?? []) mask |= 1 << PARTS.indexOf(senses[sense].split('.')[0]);
  if (mask <= 0) continue;
  if (!groups.has(mask)) groups.set(mask, []);
  groups.get(mask).push(word);
}

const lines = [...groups]
  .sort(([a], [b]) => a - b)
  .map(([mask, words]) => `${PARTS.filter((_, part) => mask & (1 << part)).join('+')}\t${words.sort().join(' ')}`);
const text = `${lines.join('\n')}\n`;
const hash = createHash('sha256').update(text).digest('hex');
writeFileSync(new URL('../../data/english/lemmas.txt', import.meta.url), text);
writeFileSync(
  new URL('../../src/english/known-lemmas-hash.ts', import.meta.url),
  `// The hash of data/english/lemmas.txt, so that a list that was changed by hand is noticed.\n// Written by scripts/english/build-lemmas.mjs.\n\n/** SHA-256 of data/english/lemmas.txt, in hexadecimal. */\nexport const KNOWN_LEMMAS_SHA256 = '${hash}';\n`,
);
for (const line of lines) console.log(line.slice(0, 60), line.split(' ').length);
console.log(`${text.length} bytes, sha256 ${hash}`);
