// A run as the page asks for it: opened once, and what is dear (map, sessions, codes of gestalts) computed when first needed.
// From: Strata; reads runs through hierarchy alone.
import { type CodeConcepts, codeConcepts, type Ladder, type Run } from '@strata/hierarchy';
import type { Corpus } from '@strata/text';
import type { CardAnswer, ConceptColumns, ContextsAnswer, GestaltAnswer, PlaceAnswer, RunAnswer } from './answers.js';
import { conceptCard, named } from './concept-card.js';
import { conceptColumns } from './concept-columns.js';
import { ConceptMap } from './concept-map.js';
import { ConceptSpace, type Part } from './concept-space.js';
import { findContexts } from './contexts.js';
import { Edits } from './edits.js';
import { Generations } from './generations.js';

/** A run to inspect, opened at least up to its concept level. */
export interface InspectionSource {
  readonly run: Run;
  readonly ladder: Ladder;
  /** Loads the text that the run was trained on; called once, when contexts are first asked for. */
  readonly corpus: () => Corpus;
  /** The command that distils again. */
  readonly distil: string;
  /** Told what a person at the terminal may want to know. */
  readonly note: (message: string) => void;
}

const SHOWN = 10;

/** All answers about one run. */
export class InspectedRun {
  readonly columns: ConceptColumns;
  readonly map: ConceptMap;
  readonly generations: Generations;
  readonly edits: Edits;
  readonly #space: ConceptSpace;
  /** Named words of the training text. */
  readonly #namedWords: number;
  #corpus: Corpus | undefined;
  #codes: Promise<CodeConcepts> | undefined;

  constructor(readonly source: InspectionSource) {
    const { ladder, run, note } = source;
    const concepts = ladder.concepts!;
    this.#space = new ConceptSpace(ladder);
    this.columns = conceptColumns(concepts);
    this.#namedWords = this.columns.counts.reduce((sum, count) => sum + count, 0);
    this.generations = new Generations(ladder);
    this.edits = new Edits(run.folder, concepts);
    this.map = new ConceptMap({
      runFolder: run.folder,
      level: ladder.checksums.concept!,
      vectors: this.#space.vectors,
      count: concepts.size,
      note,
    });
  }

  get conceptCount(): number {
    return this.columns.names.length;
  }

  describe(): RunAnswer {
    const { run, ladder, distil } = this.source;
    return {
      name: run.config.name,
      levels: this.generations.levels,
      conceptCount: this.conceptCount,
      lemmaCount: ladder.concepts!.lemmaCount,
      clusterCount: this.columns.sizes.filter((size) => size > 1).length,
      prompt: run.config.evaluation.prompt,
      seed: run.config.seed,
      distil,
    };
  }

  card(id: number): CardAnswer {
    const { concepts, words } = this.source.ladder;
    return conceptCard(id, concepts!, words!.vocabulary, this.#space, this.#namedWords);
  }

  /** Snippets from the training text; throws the Corpus errors where it is not there any more. */
  contexts(id: number): Promise<ContextsAnswer> {
    const { concepts, words } = this.source.ladder;
    const lemmas = concepts!.concept(id).members.map(({ lemma }) => lemma);
    this.#corpus ??= this.source.corpus();
    return findContexts(lemmas, words!, this.#corpus.train);
  }

  /** The typical patterns that expect a concept most; none without a gestalt level. */
  async gestalts(id: number): Promise<GestaltAnswer[]> {
    const { ladder } = this.source;
    const { codebook } = ladder;
    if (codebook === undefined) return [];
    this.#codes ??= codeConcepts(ladder);
    const codes = await this.#codes;
    const usual = Math.max(codes.usual(id), Number.MIN_VALUE);
    return codes.codesOf(id).map(({ code, probability }) => ({
      code,
      name: codebook.nameOf(code),
      examples: codebook.codes[code]!.examples.map(({ text }) => text),
      probability,
      times: probability / usual,
    }));
  }

  /** A mixture of concepts in words. */
  place(mixture: readonly Part[]): PlaceAnswer {
    const concepts = this.source.ladder.concepts!;
    const { near, lemmas, says } = this.#space.place(mixture, SHOWN);
    return {
      near: near.map((found) => named(found, concepts)),
      lemmas: lemmas.map(({ id, cosine }) => ({
        name: concepts.lemma(id).name,
        concept: concepts.conceptOf[id]!,
        cosine,
      })),
      says: says.map(({ id, probability }) => ({
        id,
        name: concepts.nameOf(id),
        pos: concepts.concept(id).pos,
        probability,
      })),
    };
  }

  async dispose(): Promise<void> {
    await this.map.dispose();
    await this.generations.dispose();
  }
}
