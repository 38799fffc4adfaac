// Builds data/english/spelling.txt: words that Britain and America spell differently and no rule of src/english/spelling.ts covers.
// Source, read from an installed package: american-british-english-translator. A star marks a spelling that both countries use.
// Run after `tsc -b`: node packages/word/scripts/english/build-spelling.mjs [--check]   (--check compares and writes nothing)
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { openClassesOf } from '../../dist/english/known-lemmas.js';

const pairs = createRequire(import.meta.url)('american-british-english-translator/data/british_spellings.json');

/** Pairs of the source that are other words, or slips. */
const WRONG =
  /^(?:analyses|bannisters?|bevv|buse|busing|cancellation|dis[ck]|edoema|flautist|fillet|gase|gaug|exorci|instals?$|micromet|minibus|misspelt|pummel|pzazz|snowploughs|tonne|tranquilly|video?disc)/;
/** British spellings whose American one is as common in Britain, often as another word. */
const AMERICAN_IN_BOTH =
  /^(?:almanack|biass|bougain|cheque$|cheques$|connexion|chimaera|draught|encyclopaed|gaol|gip|glueing|.*gramme|groyne|gryphon|inflexion|kerb|licenc|mediaeval|metre|philtre|phoney|pouffe|praesid|primaeval|practis|programme|storey|tyre|waggon)/;
/** American spellings whose British one is as common in America. */
const BRITISH_IN_BOTH =
  /^(?:aeon|aesthe|archaeo|(?:battle)?axe|baulk|.*logue|.*gogue|glamour|judgement|likeable|omelette|moustach|sheikh|syphon|theatre|wool|yogh)/;
const ENDING = /(?:is|ys)(?:e|ed|es|ing|er|ers|able|ations?|ingly|ement)$/;
const isVerb = (word) => (openClassesOf(word) & 2) !== 0;
/** What the rules cover: verbs that are known, in -ize, -yze and -l. */
const isByRule = (british) =>
  (ENDING.test(british) && isVerb(british.replace(ENDING, (found) => `${found[0]}ze`))) ||
  (/ll(?:ed|ing|ers?|ors?)$/.test(british) && isVerb(british.replace(/l(?:ed|ing|ers?|ors?)$/, '')));

const lines = [];
for (const [british, american] of Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1))) {
  if (!/^[a-z]+$/.test(british + american) || british === american || WRONG.test(british)) continue;
  if (isByRule(british)) continue;
  const stars = [BRITISH_IN_BOTH.test(british) ? '*' : '', AMERICAN_IN_BOTH.test(british) ? '*' : ''];
  lines.push(`${british}${stars[0]} ${american}${stars[1]}`);
}

const text = `${lines.join('\n')}\n`;
const hash = createHash('sha256').update(text).digest('hex');
const data = new URL('../../data/english/spelling.txt', import.meta.url);
if (process.argv.includes('--check')) {
  const same = readFileSync(data, 'utf8') === text;
  console.log(same ? `the frozen list is what its source gives: ${hash}` : 'the frozen list differs from its source');
  process.exit(same ? 0 : 1);
}
writeFileSync(data, text);
writeFileSync(
  new URL('../../src/english/spelling-hash.ts', import.meta.url),
  `// The hash of data/english/spelling.txt, so that a list that was changed by hand is noticed.\n// Written by scripts/english/build-spelling.mjs.\n\n/** SHA-256 of data/english/spelling.txt, in hexadecimal. */\nexport const SPELLING_SHA256 = '${hash}';\n`,
);
console.log(`${lines.length} pairs, sha256 ${hash}`);
