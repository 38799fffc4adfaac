// Texts and bytes of every kind that tests of the word tokenizer draw from: what the rules look at, mixed with anything.
// From: the promises in ARCHITECTURE.md, "text" and "word".
import { bytesFromText } from '@strata/text';
import fc from 'fast-check';

/** Words whose forms are irregular, ambiguous, closed-class, or look like an inflection and are none. */
const WORDS =
  "the a an i you she her him it its they them who whom be am is are was were been being have has had do does did done can ca wo sha not n't will would dogs mice children wolves feet oxen data criteria geese men women people went gone took taken sang sung hopping hoping planed planned quizzes tried tying lay lie lain left found saw better best worse worst bigger happiest far further well good news James Texas bus his this series evening during red need string well-known mother-in-law co-operate café naïve Straße ĲSSEL İstanbul ǆ ŉ ﬁne ΣΊΣΥΦΟΣ σοφός año niños comíamos dijo había vámonos лес 日本語 한국어 हिन्दी العربية עברית".split(
    ' ',
  );

const FRAGMENTS = [
  ...[
    "don't",
    'don’t',
    "she's",
    'we’re',
    "dogs'",
    "'tis",
    "O'Neil",
    'Mr.',
    'e.g.',
    'U.S.',
    'etc.',
    '3.5',
    '1,000',
    '1990s',
  ],
  ...[
    '10:30',
    '£5',
    '50%',
    '"',
    '“',
    '”',
    '‘',
    '’',
    "'",
    '...',
    '…',
    '--',
    '—',
    '!',
    '?!',
    ')',
    '(',
    '_',
    '*',
    '-',
    '.',
    ',',
  ],
  ...[
    ' ',
    '  ',
    '\n',
    '\r\n',
    '\r',
    '\t',
    '\v',
    '\f',
    '\u0085',
    '\u00a0',
    '\u2003',
    '\u2028',
    '\u2029',
    '\u3000',
    '\ufeff',
  ],
  ...[
    '\0',
    '\u200b',
    '\u200d',
    '\u00ad',
    'e\u0301',
    '😀',
    '👩\u200d👩\u200d👧',
    '🇺🇸',
    '🇺',
    '1\ufe0f\u20e3',
    '\u{1d400}',
    '\u{1f3fb}',
  ],
  ...['\ud835', '\udc00', '\udce9', '\udc80', '\uffff', 'abcdefghijklmnopq', 'https://example.org/a_b?c=d', 'a@b.org'],
];

const casings: readonly ((word: string) => string)[] = [
  (word) => word,
  (word) => word.charAt(0).toUpperCase() + word.slice(1),
  (word) => word.toUpperCase(),
  (word) => [...word].map((letter, at) => (at % 2 === 0 ? letter : letter.toUpperCase())).join(''),
];

const word = fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...casings)).map(([lemma, cased]) => cased(lemma));
const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 4 })
  .map((codes) => String.fromCharCode(...codes));
const prose = fc.array(word, { maxLength: 14 }).map((words) => `${words.join(' ')}. `);
const mixture = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: word },
      { weight: 3, arbitrary: fc.constant(' ') },
      { weight: 5, arbitrary: fc.constantFrom(...FRAGMENTS) },
      { weight: 1, arbitrary: units },
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

/** Any string that JavaScript can hold, lone surrogates included. */
export const anyText: fc.Arbitrary<string> = fc.oneof(mixture, prose, units);

/** Any bytes: texts as bytes, with some of them broken, and bytes of no meaning. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 5, arbitrary: anyText.map(bytesFromText) },
  {
    weight: 2,
    arbitrary: fc.tuple(anyText.map(bytesFromText), fc.nat(), fc.nat(255)).map(([bytes, at, value]) => {
      const broken = Uint8Array.from(bytes);
      if (broken.length > 0) broken[at % broken.length] = value;
      return broken;
    }),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
);

/** Texts that tokenizers are known to lose something of, by name. */
export const HARD_TEXTS: Readonly<Record<string, string>> = {
  empty: '',
  'line ends': 'one\r\ntwo\rthree\n\n\r\n\r\nfour\n\r',
  tabs: '\ta\t\tb\t',
  'exotic spaces': 'a\u00a0b\u1680c\u2000d\u200ae\u2028f\u2029g\u202fh\u205fi\u3000j\ufeffk\u0085l\u000bm\u000cn',
  'byte order mark': '\ufeffThe start.',
  emoji: '👩🏽\u200d🚀👨\u200d👩\u200d👧\u200d👦 🇬🇧🇺🇸🇺 1\ufe0f\u20e3 ❤\ufe0f',
  'lone surrogates': 'a\ud800 \udc00b\udfff\ud83d \ud83d\ude00\ude00',
  nulls: '\0\0a\0b \0',
  'a megabyte without a space': 'antidisestablishmentarianism'.repeat(37_500),
  'a megabyte of spaces': ' '.repeat(1_000_000),
  'a megabyte of marks': '.'.repeat(500_000) + '-'.repeat(500_000),
  'other scripts': 'Это лес. 日本語の文章です。 ประเทศไทย हिन्दी में 한국어 العربية עִבְרִית Ελληνικά ԱԲԳ ქართული',
  'case mappings that change lengths': 'ẞ ß STRASSE straße İ i̇ ı ﬀ ŉ ǅ ǆ Ǆ ΐ ΣΑΣ ᾳ Ⱥ ⱥ K ſ Å',
  'combining marks': 'e\u0301\u0301 \u0301a Z\u0351\u036b\u0343a\u0344l\u0345go',
};
