// Gold sentences in CoNLL-U, checked before they are used, and the text that they annotate, put together again.
// Format: Universal Dependencies v2, https://universaldependencies.org/format.html.

/** A file of gold that is not what it should be; the message names the line. */
export class GoldFormatError extends Error {
  override readonly name = 'GoldFormatError';
}

/** One annotated word; offsets are UTF-16, in the text of the whole file. */
export interface GoldWord {
  readonly start: number;
  readonly end: number;
  readonly form: string;
  readonly lemma: string;
  /** Universal POS tag. */
  readonly tag: string;
  /** Tag of the treebank's own set (for English that of the Penn Treebank). */
  readonly ownTag: string;
  readonly features: ReadonlyMap<string, string>;
}

/** What a CoNLL-U file says. */
export interface GoldText {
  /** Paragraphs and documents are divided by a blank line, sentences within them by a space. */
  readonly text: string;
  readonly words: readonly GoldWord[];
  /** Offsets at which sentences start. */
  readonly sentences: ReadonlySet<number>;
}

const COLUMNS = 10;
const TEXT = '# text = ';
/** How far a word may be from where the last one ended: white space that the text has. */
const SLACK = 3;

/** Reads CoNLL-U; words that cannot be found in their sentence's text are left out; throws GoldFormatError. */
export function parseConllu(source: string): GoldText {
  let text = '';
  let opensParagraph = true;
  let sentence: { text: string; start: number; at: number } | undefined;
  const words: GoldWord[] = [];
  const sentences = new Set<number>();
  source.split(/\r?\n/u).forEach((line, index) => {
    if (line.startsWith('# newdoc') || line.startsWith('# newpar')) {
      opensParagraph = true;
    } else if (line.startsWith(TEXT)) {
      text += text === '' ? '' : opensParagraph ? '\n\n' : ' ';
      opensParagraph = false;
      sentence = { text: line.slice(TEXT.length), start: text.length, at: 0 };
      sentences.add(text.length);
      text += sentence.text;
    } else if (line !== '' && !line.startsWith('#')) {
      const columns = line.split('\t');
      if (columns.length !== COLUMNS)
        throw new GoldFormatError(
          `CoNLL-U, line ${index + 1}: ${columns.length} columns; accepted are ${COLUMNS}, divided by tabs.`,
        );
      if (sentence === undefined)
        throw new GoldFormatError(`CoNLL-U, line ${index + 1}: a word before any "${TEXT.trim()}" line.`);
      const word = wordOf(columns, sentence);
      if (word !== undefined) words.push(word);
    }
  });
  if (words.length === 0) throw new GoldFormatError('CoNLL-U: no words; accepted are sentences with "# text = ".');
  return { text, words, sentences };
}

function wordOf(
  columns: readonly string[],
  sentence: { text: string; start: number; at: number },
): GoldWord | undefined {
  const [id, form, lemma, tag, ownTag, features] = columns as [string, string, string, string, string, string];
  // Ranges ("3-4") and empty nodes ("5.1") stand beside the words proper.
  if (!/^\d+$/u.test(id)) return undefined;
  const found = sentence.text.indexOf(form, sentence.at);
  if (found < 0 || found > sentence.at + SLACK) return undefined;
  sentence.at = found + form.length;
  const start = sentence.start + found;
  const pairs = features === '_' ? [] : features.split('|').map((pair) => pair.split('=') as [string, string]);
  return { start, end: start + form.length, form, lemma, tag, ownTag, features: new Map(pairs) };
}
