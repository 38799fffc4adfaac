// A concept as data: its members, and the evidence that put them together or kept them apart.
// Every cluster keeps its evidence, so that a person can ask why a word is there.

/** One lemma inside a concept. */
export interface ConceptMember {
  readonly lemma: number;
  readonly name: string;
  readonly count: number;
}

/** A judged pair as it is kept: lemma ids, what the proposer measured, what each judge said. */
export interface PairEvidence {
  readonly a: number;
  readonly b: number;
  readonly accepted: boolean;
  readonly similarity: number;
  readonly rankAB: number;
  readonly rankBA: number;
  readonly liftAB: number | undefined;
  readonly liftBA: number | undefined;
  /** Names of other words that fit the slots of both. */
  readonly shared: readonly string[];
  /** Who proposed the pair, when it was not the base. */
  readonly proposer?: string;
  readonly verdicts: readonly {
    readonly judge: string;
    readonly accept: boolean | undefined;
    readonly score: number;
    readonly reason: string;
  }[];
}

/** A cluster of lemmas that mean the same, or a single lemma; members come most frequent first. */
export interface Concept {
  readonly id: number;
  /** The most frequent members' names joined by "/". */
  readonly name: string;
  readonly pos: string;
  readonly members: readonly ConceptMember[];
  /** Every judged pair of members. */
  readonly links: readonly PairEvidence[];
}

/** How the vocabulary came about, in numbers. */
export interface DistillationSummary {
  /** Who judged, as they took part: WordNet only where it was there. */
  readonly judges: readonly string[];
  /** Who proposed pairs, as they took part; vocabularies of before do not name the base, and have nothing where it was alone. */
  readonly proposers?: readonly string[];
  readonly proposed: number;
  readonly judged: number;
  readonly accepted: number;
  readonly maximumSize: number;
  /** How many edits of a person were applied; absent when none. */
  readonly edits?: number;
}

/** Why a lemma is in its concept: each pair seen from this lemma. */
export interface Why {
  readonly lemma: ConceptMember;
  readonly concept: Concept;
  /** Pairs with the other members of the concept. */
  readonly together: readonly WhyPair[];
  /** Likely pairs that were refused, or accepted but not merged: the most similar first. */
  readonly apart: readonly WhyPair[];
}

/** A pair seen from one lemma: `otherInOwn` is the other's lift in this lemma's slots, `ownInOther` the reverse. */
export interface WhyPair {
  readonly other: ConceptMember;
  readonly accepted: boolean;
  readonly similarity: number;
  readonly otherInOwn: number | undefined;
  readonly ownInOther: number | undefined;
  readonly shared: readonly string[];
  readonly verdicts: PairEvidence['verdicts'];
}
