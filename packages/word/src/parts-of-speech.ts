// The coarse part of speech kept for every lemma, and how Universal Dependencies tags fold into it.
// Tag set: Universal POS tags v2 (Nivre et al. 2020). Function words, names, numbers and marks stay apart for the concept level.

/** Coarse parts of speech, in the order ties are settled. */
export const PARTS_OF_SPEECH = [
  'NOUN',
  'VERB',
  'ADJ',
  'ADV',
  'PROPN',
  'FUNCTION',
  'NUMBER',
  'PUNCTUATION',
  'OTHER',
] as const;

export type PartOfSpeech = (typeof PARTS_OF_SPEECH)[number];

const COARSE: Readonly<Record<string, PartOfSpeech>> = {
  NOUN: 'NOUN',
  VERB: 'VERB',
  ADJ: 'ADJ',
  ADV: 'ADV',
  PROPN: 'PROPN',
  AUX: 'FUNCTION',
  PRON: 'FUNCTION',
  DET: 'FUNCTION',
  ADP: 'FUNCTION',
  CCONJ: 'FUNCTION',
  SCONJ: 'FUNCTION',
  PART: 'FUNCTION',
  NUM: 'NUMBER',
  PUNCT: 'PUNCTUATION',
  SYM: 'PUNCTUATION',
};

/** The coarse part of speech of a Universal POS tag; OTHER for INTJ, X and anything unknown. */
export function coarsePartOfSpeech(universalTag: string): PartOfSpeech {
  return COARSE[universalTag] ?? 'OTHER';
}
