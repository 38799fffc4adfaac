// Parts of speech as a person says them.

const NAMES: Readonly<Record<string, string>> = {
  NOUN: 'noun',
  VERB: 'verb',
  ADJ: 'adjective',
  ADV: 'adverb',
  PROPN: 'name',
  FUNCTION: 'function word',
  NUMBER: 'number',
  PUNCTUATION: 'punctuation',
  OTHER: 'other',
};

/** Tags in the order of a legend. */
export const TAG_ORDER: readonly string[] = Object.keys(NAMES);

/** A tag in plain words; one that is not known as it is. */
export function tagName(tag: string): string {
  return NAMES[tag] ?? tag.toLowerCase();
}
