// What the server answers and the page shows: types alone, shared by both.
// From: Strata, DESIGN ("Generation", and concepts as named, readable units).

/** What the page needs first: the run, its levels and how all texts are to be read. */
export interface RunAnswer {
  readonly name: string;
  readonly levels: readonly string[];
  readonly conceptCount: number;
  readonly lemmaCount: number;
  readonly clusterCount: number;
  readonly prompt: string;
  readonly seed: number;
  /** The command that distils again, so that edits are respected. */
  readonly distil: string;
}

/** Every concept as columns: entry i is concept i. */
export interface ConceptColumns {
  readonly names: readonly string[];
  /** Part of speech as an index into `tags`. */
  readonly pos: readonly number[];
  readonly tags: readonly string[];
  readonly sizes: readonly number[];
  readonly counts: readonly number[];
  /** Coherence of clusters, 0 of single lemmas. */
  readonly coherence: readonly number[];
  /** Names of further members than a concept's name holds, by concept, for the search. */
  readonly further: Readonly<Record<string, readonly string[]>>;
}

/** Where concepts lie on the map, or how far the map is. */
export type MapAnswer =
  | { readonly state: 'computing'; readonly step: string; readonly share: number }
  | { readonly state: 'failed'; readonly error: string }
  /** x0, y0, x1, y1, ... within [-1, 1]. */
  | { readonly state: 'ready'; readonly positions: readonly number[] };

/** A concept and how near it is. */
export interface NearAnswer {
  readonly id: number;
  readonly name: string;
  readonly pos: string;
  readonly cosine: number;
}

/** A form of a lemma: its features, and the share of the lemma's uses. */
export interface FormAnswer {
  readonly slot: string;
  readonly form: string;
  readonly share: number;
}

export interface MemberAnswer {
  readonly lemma: number;
  readonly name: string;
  readonly count: number;
  /** Share of the concept's uses. */
  readonly share: number;
  readonly forms: readonly FormAnswer[];
}

/** A judged pair with what each judge said of it. */
export interface EvidenceAnswer {
  readonly a: number;
  readonly b: number;
  readonly names: readonly [string, string];
  readonly accepted: boolean;
  readonly similarity: number;
  readonly liftAB: number | null;
  readonly liftBA: number | null;
  readonly shared: readonly string[];
  readonly verdicts: readonly {
    readonly judge: string;
    /** null: the judge has no opinion. */
    readonly accept: boolean | null;
    readonly score: number;
    readonly reason: string;
  }[];
  /** Of a pair that is apart: the other's concept. */
  readonly otherConcept?: number;
}

export interface CardAnswer {
  readonly id: number;
  readonly name: string;
  readonly pos: string;
  readonly count: number;
  /** Share of all named words of the training text. */
  readonly share: number;
  readonly coherence: number;
  readonly editable: boolean;
  readonly members: readonly MemberAnswer[];
  readonly links: readonly EvidenceAnswer[];
  readonly apart: readonly EvidenceAnswer[];
  readonly near: readonly NearAnswer[];
}

/** A place in the text where a member stands. */
export interface ContextAnswer {
  readonly document: string;
  readonly before: string;
  readonly word: string;
  readonly after: string;
}

export interface ContextsAnswer {
  readonly contexts: readonly ContextAnswer[];
  /** What limits them, in words: nothing, a text that is not there, a search that was ended. */
  readonly note: string;
}

export interface GestaltAnswer {
  readonly code: number;
  readonly name: string;
  readonly examples: readonly string[];
  /** Probability that a word of such a sentence is of this concept. */
  readonly probability: number;
  /** How often as much as under all patterns. */
  readonly times: number;
}

/** A place between concepts in words. */
export interface PlaceAnswer {
  readonly near: readonly NearAnswer[];
  readonly lemmas: readonly { readonly name: string; readonly concept: number; readonly cosine: number }[];
  /** What the descend layers would say if the concept level's query pointed here. */
  readonly says: readonly {
    readonly id: number;
    readonly name: string;
    readonly pos: string;
    readonly probability: number;
  }[];
}

export interface ChoiceAnswer {
  readonly level: string;
  readonly factor: string;
  readonly chosen: string;
  readonly id?: number;
  readonly probability: number;
  readonly bits: number;
  readonly runnersUp: readonly { readonly name: string; readonly probability: number; readonly id?: number }[];
  readonly put?: true;
}

/** A generation with its trace. */
export interface GenerationAnswer {
  readonly from: string;
  readonly prompt: string;
  readonly text: string;
  readonly seed: number;
  readonly endedBy: 'thought' | 'length';
  readonly trace: readonly {
    readonly text: string;
    readonly boundary: number;
    readonly choices: readonly ChoiceAnswer[];
  }[];
}

/** What a person has asked of the concepts, as it is saved, with a line that says each. */
export interface EditsAnswer {
  readonly file: string;
  readonly edits: readonly string[];
  /** Edits that the last one replaced. */
  readonly dropped: readonly string[];
}
