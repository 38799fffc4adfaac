// Snippets show words as they stand in the text, whole, across the cuts of a stream, and as text.
import { type Document, documentOfText } from '@strata/text';
import { buildLexicon, WordTokenizer, WordVocabulary } from '@strata/word';
import { describe, expect, it } from 'vitest';
import { findContexts } from './contexts.js';

const FILLER = 'The old miller walked slowly along the quiet road to the town. ';
const TEXT = `${FILLER.repeat(20)}He found a bear, <img src=x onerror=alert(1)> in the bearing wood. ${FILLER.repeat(20)}Two Bears slept. ${FILLER.repeat(20)}`;
const words = new WordTokenizer(
  WordVocabulary.fromLexicon(buildLexicon(['The bear, a bear and two bears. He found it, he found them.', TEXT]), {
    size: 80,
  }),
);
const bear = words.vocabulary.idOf('bear')!;

/** The same text in chunks of a few characters. */
function inPieces(text: string, size: number): Document {
  return {
    ...documentOfText('pieces', text),
    text,
    chunks: () => Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size)),
  };
}

describe('contexts of a concept', () => {
  it('are every form of its lemmas, in whole words, with what stands around them left as it is', async () => {
    const { contexts, note } = await findContexts([bear], words, [documentOfText('book', TEXT)]);
    expect(contexts.map(({ word }) => word)).toEqual(['bear', 'Bears']);
    expect(contexts[0]!.after).toContain(', <img src=x onerror=alert(1)> in the bearing wood.');
    expect(contexts[0]!.document).toBe('book');
    expect(note).toBe('');
  });

  it('are the same however the text is cut into chunks', async () => {
    const whole = await findContexts([bear], words, [inPieces(TEXT, TEXT.length)]);
    for (const size of [7, 61, 500]) expect(await findContexts([bear], words, [inPieces(TEXT, size)])).toEqual(whole);
  });

  it('end where there are enough, and say so where there are none', async () => {
    let read = 0;
    const endless: Document = {
      ...documentOfText('endless', TEXT),
      text: '',
      *chunks() {
        for (;;) {
          read++;
          yield TEXT;
        }
      },
    };
    const { contexts } = await findContexts([bear], words, [endless, endless, endless, endless]);
    expect(contexts.length).toBeGreaterThan(2);
    expect(contexts.length).toBeLessThanOrEqual(12);
    // A lemma stops at four, so that a search for it alone is ended by what it may read.
    expect(read * TEXT.length).toBeLessThan(80 << 20);
    const none = await findContexts([bear], words, [documentOfText('other', FILLER)]);
    expect(none).toEqual({ contexts: [], note: 'none of its forms stands in the training text as it is now' });
  });
});
