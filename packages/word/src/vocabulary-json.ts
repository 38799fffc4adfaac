// The vocabulary file: a readable JSON whose every claim is checked before it is used.
// Source: the project's own design (hostile until checked); schema by zod.
import { byteLength, MAXIMUM_UNIT_BYTES } from '@strata/text';
import { z } from 'zod';
import { isPlainForm } from './casing.js';
import { LANGUAGE_NAMES, LANGUAGES } from './languages.js';
import { PARTS_OF_SPEECH } from './parts-of-speech.js';

/** Name that opens every vocabulary file. */
export const VOCABULARY_FORMAT = 'strata-word-vocabulary';

/** Most lemmas a vocabulary may hold; keeps id * 32 + slot inside a 32-bit integer. */
export const LEMMA_LIMIT = 1 << 20;

/** Most gaps with an id of their own; gap ids must fit a byte. */
export const GAP_LIMIT = 250;

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const slotForm = z.tuple([z.string().min(1).max(64), count]);

const lemma = z.strictObject({
  lemma: z.string().min(1).max(64),
  partOfSpeech: z.enum(PARTS_OF_SPEECH),
  count,
  /** Slot -> [form, occurrences in the training texts]. */
  forms: z.record(z.string(), slotForm),
});

const schema = z.strictObject({
  format: z.literal(VOCABULARY_FORMAT),
  version: z.literal(2),
  /** Whose slots and rules these are. */
  language: z.enum(LANGUAGE_NAMES),
  /** Gaps in the order of their ids, without the escape `<other>`; the first is always "". */
  gaps: z
    .array(z.strictObject({ gap: z.string().max(64), count }))
    .min(1)
    .max(GAP_LIMIT),
  /** Lemmas in the order of their ids, without `<bos>` and `<spelled>`. */
  lemmas: z.array(lemma).max(LEMMA_LIMIT),
});

export type VocabularyJson = z.infer<typeof schema>;

/** A vocabulary that does not hold what a vocabulary must; the message says where and what is accepted. */
export class VocabularyFormatError extends Error {
  override readonly name = 'VocabularyFormatError';
}

/** Checks an unknown value to be a vocabulary, or throws VocabularyFormatError naming the first fault. */
export function checkVocabularyJson(value: unknown): VocabularyJson {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const where = issue.path.length > 0 ? issue.path.join('.') : 'the top';
    throw new VocabularyFormatError(
      `Word vocabulary, at ${where}: ${issue.message}. Accepted is what WordVocabulary.toJSON writes; build it again from the corpus.`,
    );
  }
  const json = parsed.data;
  if (json.gaps[0]!.gap !== '') throw fault('gaps.0', `the first gap is ${quote(json.gaps[0]!.gap)}`, 'the empty gap');
  unique(
    json.gaps.map((entry) => entry.gap),
    'gaps',
  );
  unique(
    json.lemmas.map((entry) => entry.lemma),
    'lemmas',
  );
  const owners = new Map<string, string>();
  const slotNames = LANGUAGES[json.language].slots.map(({ name }): string => name);
  json.lemmas.forEach((entry, index) => {
    const where = `lemmas.${index}`;
    const slots = Object.keys(entry.forms);
    const foreign = slots.find((name) => !slotNames.includes(name));
    if (foreign !== undefined) {
      throw fault(
        `${where}.forms`,
        `the slot ${quote(foreign)}`,
        `the slots of ${json.language}: ${slotNames.join(', ')}`,
      );
    }
    if (slots.length === 0) throw fault(where, `${quote(entry.lemma)} has no form`, 'at least one form');
    let total = 0;
    for (const slot of slots) {
      const [form, occurrences] = entry.forms[slot]!;
      const at = `${where}.forms.${slot}`;
      total += occurrences;
      if (slot === slotNames[0] && form !== entry.lemma) {
        throw fault(at, `the base form ${quote(form)} of ${quote(entry.lemma)}`, 'the lemma itself');
      }
      if (byteLength(form) > MAXIMUM_UNIT_BYTES) {
        throw fault(
          at,
          `${quote(form)}, ${byteLength(form)} bytes`,
          `at most ${MAXIMUM_UNIT_BYTES} bytes, as in a unit`,
        );
      }
      if (!isPlainForm(form))
        throw fault(at, `${quote(form)}, which has a casing`, 'the form with its casing taken off');
      const owner = owners.get(form);
      if (owner !== undefined) {
        throw fault(at, `${quote(form)}, which is also a form of ${quote(owner)}`, 'each form once in the whole file');
      }
      owners.set(form, entry.lemma);
    }
    if (total !== entry.count) throw fault(`${where}.count`, `${entry.count}`, `the sum of its forms, ${total}`);
  });
  return json;
}

function fault(where: string, found: string, accepted: string): VocabularyFormatError {
  return new VocabularyFormatError(
    `Word vocabulary, at ${where}: found ${found}; accepted is ${accepted}. Build the vocabulary again from the corpus.`,
  );
}

function unique(names: readonly string[], where: string): void {
  const seen = new Map<string, number>();
  names.forEach((name, index) => {
    const first = seen.get(name);
    if (first !== undefined)
      throw fault(`${where}.${index}`, `${quote(name)}, already at ${where}.${first}`, 'no name twice');
    seen.set(name, index);
  });
}

function quote(text: string): string {
  return JSON.stringify(text);
}
