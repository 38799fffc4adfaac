// The closed sets of words that rules of syntax ask about, as bits, so that a rule asks no string twice.
// After Quirk et al. 1985, chapters 2, 3 and 6; which rule asks about which set is in syntax.ts.

/** Sets of forms in small letters with plain apostrophes, as bits. */
export const CLOSED_SET = {
  be: 1 << 0,
  get: 1 << 1,
  have: 1 << 2,
  do: 1 << 3,
  modal: 1 << 4,
  /** Of 'be', 'have' and 'do', what is finite. */
  finite: 1 << 5,
  /** 'have' as a word, not as a clitic. */
  fullHave: 1 << 6,
  subject: 1 << 7,
  /** Whatever pronoun may be a subject. */
  anySubject: 1 << 8,
  thirdSubject: 1 << 9,
  determiner: 1 << 10,
  /** Before "'s" that is 'is'. */
  beforeIs: 1 << 11,
  clauseOpener: 1 << 12,
  relative: 1 << 13,
  participleOpener: 1 << 14,
  /** Pronouns that taggers take for nouns. */
  indefinite: 1 << 15,
  /** Marks between clauses. */
  clauseBreak: 1 << 16,
  /** Stands between an auxiliary and its verb, as adverbs do. */
  negation: 1 << 17,
  /** Words cut off before "n't". */
  cutOff: 1 << 18,
  not: 1 << 19,
  to: 1 << 20,
  s: 1 << 21,
  d: 1 << 22,
  her: 1 << 23,
  am: 1 << 24,
  by: 1 << 25,
  /** No list: neither a letter nor a digit is in it. */
  mark: 1 << 26,
} as const;

const WORDS: Readonly<Record<Exclude<keyof typeof CLOSED_SET, 'mark'>, string>> = {
  be: "am is are was were be been being 'm 're",
  get: 'get gets got getting gotten',
  have: "have has had having 've",
  do: 'do does did',
  modal: "can could may might must shall should will would 'll ca wo sha",
  finite: "am is are was were 'm 're has have had 've does do did",
  fullHave: 'have has had having',
  subject: 'i he she we they who',
  anySubject: 'i he she we they who you it this that there which what everyone everybody someone nobody',
  thirdSubject: 'he she it who which that',
  determiner: 'the a an this these those my your his its our their some any every each no another both',
  beforeIs: 'it he she that what who there here where how this when why everything something one everyone',
  clauseOpener:
    'who which that because if when while although though since unless until whereas where why how what as so but',
  relative: 'who which that',
  participleOpener: 'as than if when once unless until though although while',
  indefinite: 'everything something anything nothing',
  clauseBreak: '; : " “ ”',
  negation: "n't not never ever",
  cutOff: 'ca wo sha',
  not: "n't",
  to: 'to',
  s: "'s",
  d: "'d",
  her: 'her',
  am: 'am',
  by: 'by',
};

const bits = new Map<string, number>();
for (const [name, words] of Object.entries(WORDS) as [keyof typeof WORDS, string][]) {
  for (const word of words.split(' ')) bits.set(word, (bits.get(word) ?? 0) | CLOSED_SET[name]);
}

const MARK = /^[^\p{L}\p{N}]+$/u;

/** The closed sets that a word is in, as CLOSED_SET bits. */
export function closedSetsOf(word: string): number {
  return (bits.get(word) ?? 0) | (MARK.test(word) ? CLOSED_SET.mark : 0);
}
