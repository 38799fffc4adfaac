// A person's edits of the concepts from the page: saved beside the run, and respected by the next distillation.
// From: packages/concept/src/overlay.ts, which says what edits ask of each other; lemmas are named by name and part of speech.
import {
  type ConceptEdit,
  ConceptEditsError,
  type ConceptVocabulary,
  describeEdit,
  type EditedLemma,
} from '@strata/concept';
import { appendConceptEdit, conceptEditsPath, readConceptEdits, removeConceptEdit } from '@strata/hierarchy';
import type { EditsAnswer } from './answers.js';

/** An edit as the page asks for it: by the numbers of this run's concepts and lemmas. */
export type AskedEdit =
  | { readonly kind: 'merge'; readonly concepts: readonly number[] }
  | { readonly kind: 'split'; readonly concept: number; readonly off: readonly number[] }
  | { readonly kind: 'forbid'; readonly a: number; readonly b: number };

/** The edits of one run. */
export class Edits {
  constructor(
    readonly runFolder: string,
    readonly concepts: ConceptVocabulary,
  ) {}

  /** All edits, oldest first, a line each. */
  list(dropped: readonly ConceptEdit[] = []): EditsAnswer {
    return {
      file: conceptEditsPath(this.runFolder),
      edits: readConceptEdits(this.runFolder).map(describeEdit),
      dropped: dropped.map(describeEdit),
    };
  }

  /** Saves one more; throws ConceptEditsError where it is none, ConceptVocabularyError for an unknown lemma, or the Store's errors. */
  add(asked: AskedEdit): EditsAnswer {
    const edit = { ...this.#edit(asked), at: new Date().toISOString() };
    return this.list(appendConceptEdit(this.runFolder, edit).dropped);
  }

  /** Takes back the edit at a place, which has to be the one that the person saw there. */
  remove(place: number, seen: string): EditsAnswer {
    removeConceptEdit(this.runFolder, place, (edits) => {
      const edit = edits[place];
      if (edit === undefined || describeEdit(edit) !== seen)
        throw new ConceptEditsError('the edits have changed meanwhile; look at them again, then take back');
    });
    return this.list();
  }

  #edit(asked: AskedEdit): ConceptEdit {
    if (asked.kind === 'merge')
      return { kind: 'merge', lemmas: asked.concepts.flatMap((concept) => this.#members(concept)) };
    if (asked.kind === 'forbid') return { kind: 'forbid', a: this.#lemma(asked.a), b: this.#lemma(asked.b) };
    const off = new Set(asked.off);
    const { members } = this.concepts.concept(asked.concept);
    const stranger = asked.off.find((id) => !members.some(({ lemma }) => lemma === id));
    if (stranger !== undefined)
      throw new ConceptEditsError(`lemma ${stranger} is not in this concept, so it cannot be split off`);
    const side = (isOff: boolean): EditedLemma[] =>
      members.filter(({ lemma }) => off.has(lemma) === isOff).map(({ lemma }) => this.#lemma(lemma));
    return { kind: 'split', from: side(false), off: side(true) };
  }

  #members(concept: number): EditedLemma[] {
    return this.concepts.concept(concept).members.map(({ lemma }) => this.#lemma(lemma));
  }

  #lemma(id: number): EditedLemma {
    const { name } = this.concepts.lemma(id);
    return { name, pos: this.concepts.concept(this.concepts.conceptOf[id]!).pos };
  }
}
