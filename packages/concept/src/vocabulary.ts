// The concept vocabulary: a partition of the word vocabulary's lemmas into named hard clusters with their evidence.
// Hard, so that p(word) = p(concept) p(features | concept) p(lemma | concept, features) is exact.
import type { Vocabulary } from '@strata/level';
import type { Concept, ConceptMember, DistillationSummary, PairEvidence, Why, WhyPair } from './concept.js';
import type { JudgedPair } from './judge.js';
import { eligiblePartsOfSpeech, isEligible, type LemmaEntry, lemmasById } from './lemma.js';
import { PERSON } from './overlay.js';
import { type ConceptsJson, conceptsFromJson, conceptsToJson } from './vocabulary-json.js';

/** A question the vocabulary cannot answer, or concepts that are no partition of the lemmas. */
export class ConceptVocabularyError extends Error {
  override readonly name = 'ConceptVocabularyError';
}

/** How many members a concept's name shows. */
const namedMembers = 3;

/** The concepts of a word vocabulary: every lemma belongs to exactly one; ids are 0..C-1. */
export class ConceptVocabulary implements Vocabulary {
  /** [V] concept id of each lemma id. */
  readonly conceptOf: Int32Array;
  /** Lemma ids of each concept, most frequent first. */
  readonly members: readonly Int32Array[];
  readonly #byName = new Map<string, number[]>();
  readonly #memberOf: ConceptMember[];

  /** Takes checked concepts; use `fromClusters`, `singles` or `fromJSON`. Throws ConceptVocabularyError when they are no partition. */
  private constructor(
    readonly concepts: readonly Concept[],
    /** Pairs of different concepts that were judged, for `why`. */
    readonly separated: readonly PairEvidence[],
    readonly distillation: DistillationSummary | undefined,
  ) {
    const lemmaCount = concepts.reduce((total, concept) => total + concept.members.length, 0);
    this.conceptOf = new Int32Array(lemmaCount).fill(-1);
    this.#memberOf = new Array<ConceptMember>(lemmaCount);
    concepts.forEach((concept, index) => {
      if (concept.id !== index) {
        throw new ConceptVocabularyError(
          `concept "${concept.name}": id ${concept.id} found at place ${index}; ids must be 0 to ${concepts.length - 1} in order. Distil the vocabulary again.`,
        );
      }
      if (concept.members.length === 0) {
        throw new ConceptVocabularyError(
          `concept ${index} "${concept.name}" has no member; every concept needs one. Distil the vocabulary again.`,
        );
      }
      if (concept.members.length > 1 && !isEligible(concept.pos)) {
        throw new ConceptVocabularyError(
          `concept ${index} "${concept.name}" joins ${concept.members.length} lemmas of part of speech ${concept.pos}; only ${eligiblePartsOfSpeech.join(', ')} may be joined. Distil the vocabulary again.`,
        );
      }
      for (const member of concept.members) {
        const holder = this.conceptOf[member.lemma];
        if (holder === undefined || holder !== -1) {
          throw new ConceptVocabularyError(
            holder === undefined
              ? `concept "${concept.name}": lemma "${member.name}" has id ${member.lemma}; with ${lemmaCount} lemmas ids must be 0 to ${lemmaCount - 1}. Distil the vocabulary again.`
              : `lemma "${member.name}" (id ${member.lemma}) is in concepts ${holder} and ${index}; each lemma belongs to exactly one. Distil the vocabulary again.`,
          );
        }
        this.conceptOf[member.lemma] = index;
        this.#memberOf[member.lemma] = member;
        const homonyms = this.#byName.get(member.name);
        if (homonyms) homonyms.push(member.lemma);
        else this.#byName.set(member.name, [member.lemma]);
      }
    });
    this.members = concepts.map((concept) => Int32Array.from(concept.members, (member) => member.lemma));
    this.#checkEvidence();
  }

  /** Number of concepts, C. */
  get size(): number {
    return this.concepts.length;
  }

  /** Number of lemmas, V. */
  get lemmaCount(): number {
    return this.conceptOf.length;
  }

  /** Members of the largest concept: the least cap that `memberTable` accepts. */
  get largestConcept(): number {
    return this.members.reduce((largest, members) => Math.max(largest, members.length), 0);
  }

  /** Builds the vocabulary of all V `lemmas` from clusters of lemma ids; lemmas in no cluster become single concepts. */
  static fromClusters(
    lemmas: readonly LemmaEntry[],
    clusters: readonly (readonly number[])[],
    judged: readonly JudgedPair[] = [],
    distillation?: DistillationSummary,
    separatedPerLemma = 2,
  ): ConceptVocabulary {
    const ordered = lemmasById(lemmas);
    const clusterOf = new Int32Array(ordered.length).fill(-1);
    clusters.forEach((cluster, index) => {
      for (const id of cluster) {
        if (clusterOf[id] !== -1) {
          throw new ConceptVocabularyError(
            `cluster ${index} holds lemma id ${id}, which is ${clusterOf[id] === undefined ? 'not in the word vocabulary' : `also in cluster ${clusterOf[id]}`}; clusters must be disjoint sets of lemma ids.`,
          );
        }
        clusterOf[id] = index;
      }
    });
    // Concepts are numbered by their smallest lemma id, so that the order of the word vocabulary (specials, then frequency) carries over.
    const groups: LemmaEntry[][] = [];
    const groupOfCluster = new Map<number, LemmaEntry[]>();
    for (const lemma of ordered) {
      const cluster = clusterOf[lemma.id]!;
      const known = cluster === -1 ? undefined : groupOfCluster.get(cluster);
      if (known) {
        if (known[0]!.pos !== lemma.pos) {
          throw new ConceptVocabularyError(
            `cluster ${cluster} joins "${known[0]!.name}" (${known[0]!.pos}) and "${lemma.name}" (${lemma.pos}); a cluster holds one part of speech.`,
          );
        }
        known.push(lemma);
        continue;
      }
      const group = [lemma];
      groups.push(group);
      if (cluster !== -1) groupOfCluster.set(cluster, group);
    }
    const groupOf = new Int32Array(ordered.length);
    groups.forEach((group, index) => {
      for (const lemma of group) groupOf[lemma.id] = index;
    });
    const links = groups.map((): PairEvidence[] => []);
    const across: PairEvidence[] = [];
    for (const pair of judged) {
      const evidence = pairEvidence(pair, ordered);
      if (groupOf[evidence.a] === groupOf[evidence.b]) links[groupOf[evidence.a]!]!.push(evidence);
      else across.push(evidence);
    }
    const concepts = groups.map((group, id): Concept => {
      const members = [...group].sort((left, right) => right.count - left.count || left.id - right.id);
      return {
        id,
        name: conceptName(members.map((member) => member.name)),
        pos: members[0]!.pos,
        members: members.map((member) => ({ lemma: member.id, name: member.name, count: member.count })),
        links: links[id]!,
      };
    });
    return new ConceptVocabulary(concepts, mostSimilar(across, separatedPerLemma), distillation);
  }

  /** The vocabulary in which every lemma is its own concept. */
  static singles(lemmas: readonly LemmaEntry[]): ConceptVocabulary {
    return ConceptVocabulary.fromClusters(lemmas, []);
  }

  /** Reads what `toJSON` wrote, trusting nothing; `source` names the file in messages; throws ConceptVocabularyError. */
  static fromJSON(value: unknown, source = 'concept vocabulary'): ConceptVocabulary {
    const result = conceptsFromJson(value);
    if ('problem' in result) {
      throw new ConceptVocabularyError(
        `${source}: ${result.problem}. Accepted is what ConceptVocabulary.toJSON writes; distil the vocabulary again.`,
      );
    }
    try {
      return new ConceptVocabulary(result.concepts, result.separated, result.distillation);
    } catch (error) {
      throw error instanceof ConceptVocabularyError
        ? new ConceptVocabularyError(`${source}: ${error.message}`, { cause: error })
        : error;
    }
  }

  /** Plain data that a person can read and `fromJSON` accepts. */
  toJSON(): ConceptsJson {
    return conceptsToJson(this.concepts, this.separated, this.distillation, (lemma) => this.lemma(lemma).name);
  }

  /** The member record of a lemma id; throws ConceptVocabularyError when there is no such lemma. */
  lemma(lemma: number): ConceptMember {
    const member = this.#memberOf[lemma];
    if (member === undefined) {
      throw new ConceptVocabularyError(
        `lemma id ${lemma} found; this vocabulary holds ids 0 to ${this.lemmaCount - 1}. Use the word vocabulary it was distilled for.`,
      );
    }
    return member;
  }

  /** The concept with this id; throws ConceptVocabularyError when there is none. */
  concept(id: number): Concept {
    const concept = this.concepts[id];
    if (concept === undefined) {
      throw new ConceptVocabularyError(
        `concept id ${id} found; this vocabulary holds ids 0 to ${this.size - 1}. Pass an id that it lists.`,
      );
    }
    return concept;
  }

  /** The name of the concept with this id; throws ConceptVocabularyError when there is none. */
  nameOf(id: number): string {
    return this.concept(id).name;
  }

  /** Lemma ids that bear this name (one a part of speech), in order of id; empty when there is none. */
  find(name: string, pos?: string): number[] {
    return (this.#byName.get(name) ?? [])
      .filter((lemma) => pos === undefined || this.concepts[this.conceptOf[lemma]!]!.pos === pos)
      .sort((left, right) => left - right);
  }

  /** Why this lemma id is with its fellow members, and what kept it from its likeliest others. */
  why(lemma: number): Why {
    const member = this.lemma(lemma);
    const concept = this.concepts[this.conceptOf[lemma]!]!;
    const seen = (pairs: readonly PairEvidence[]): WhyPair[] =>
      pairs
        .filter((pair) => pair.a === lemma || pair.b === lemma)
        .map((pair) => ({
          other: this.lemma(pair.a === lemma ? pair.b : pair.a),
          accepted: pair.accepted,
          similarity: pair.similarity,
          otherInOwn: pair.a === lemma ? pair.liftAB : pair.liftBA,
          ownInOther: pair.a === lemma ? pair.liftBA : pair.liftAB,
          shared: pair.shared,
          verdicts: pair.verdicts,
        }))
        .sort((left, right) => right.similarity - left.similarity || left.other.lemma - right.other.lemma);
    return { lemma: member, concept, together: seen(concept.links), apart: seen(this.separated) };
  }

  /** Lemma ids of each concept as `indices` [C, cap], 0 where `mask` [C, cap] is 0; throws when a concept is larger than `cap`. */
  memberTable(cap: number): { indices: Int32Array; mask: Float32Array } {
    if (!Number.isInteger(cap) || cap < this.largestConcept) {
      throw new ConceptVocabularyError(
        `member table of width ${cap} asked for; the largest concept has ${this.largestConcept} members. Ask for a whole number of at least that.`,
      );
    }
    const indices = new Int32Array(this.size * cap);
    const mask = new Float32Array(this.size * cap);
    this.members.forEach((members, concept) => {
      indices.set(members, concept * cap);
      mask.fill(1, concept * cap, concept * cap + members.length);
    });
    return { indices, mask };
  }

  /** Mean over all pairs of members of similarity times the part of its judges that accept it; 0 for a single lemma. */
  coherence(id: number): number {
    const { links, members } = this.concept(id);
    const pairs = (members.length * (members.length - 1)) / 2;
    if (pairs === 0) return 0;
    const worth = ({ accepted, similarity, verdicts }: PairEvidence): number =>
      accepted ? (similarity * verdicts.filter((verdict) => verdict.accept === true).length) / verdicts.length : 0;
    return links.reduce((total, link) => total + worth(link), 0) / pairs;
  }

  /** The `count` best clusters of two or more: coherence times the mean of the members' log counts, best first. */
  bestClusters(count: number): Concept[] {
    const worth = (concept: Concept): number => {
      const logCounts = concept.members.reduce((total, member) => total + Math.log1p(member.count), 0);
      return (this.coherence(concept.id) * logCounts) / concept.members.length;
    };
    return this.concepts
      .filter((concept) => concept.members.length > 1)
      .map((concept) => ({ concept, worth: worth(concept) }))
      .sort((left, right) => right.worth - left.worth || left.concept.id - right.concept.id)
      .slice(0, Math.max(0, count))
      .map((ranked) => ranked.concept);
  }

  #checkEvidence(): void {
    const check = (pair: PairEvidence, home: number | undefined): void => {
      const own = this.conceptOf[pair.a];
      const other = this.conceptOf[pair.b];
      if (own === undefined || other === undefined || pair.a >= pair.b || (home ?? own) !== own) {
        throw new ConceptVocabularyError(
          `evidence about lemma ids ${pair.a} and ${pair.b} ${home === undefined ? '' : `in concept ${home} `}names lemmas that are not there; a pair has a < b, both in the vocabulary and, as a link, in its concept. Distil the vocabulary again.`,
        );
      }
      if ((own === other) !== (home !== undefined)) {
        throw new ConceptVocabularyError(
          `evidence about lemma ids ${pair.a} and ${pair.b} stands in the wrong place; pairs of one concept are its links, pairs of two concepts are "separated". Distil the vocabulary again.`,
        );
      }
    };
    for (const concept of this.concepts) for (const link of concept.links) check(link, concept.id);
    for (const pair of this.separated) check(pair, undefined);
  }
}

/** The name of a concept: its most frequent members' names joined by "/". */
export function conceptName(memberNames: readonly string[]): string {
  return memberNames.slice(0, namedMembers).join('/');
}

function pairEvidence(judged: JudgedPair, lemmas: readonly LemmaEntry[]): PairEvidence {
  const { a, b, similarity, rankAB, rankBA, liftAB, liftBA, shared } = judged.proposal;
  return {
    a: a.id,
    b: b.id,
    accepted: judged.accepted,
    similarity,
    rankAB,
    rankBA,
    liftAB,
    liftBA,
    shared: shared.flatMap((id) => lemmas[id]?.name ?? []),
    verdicts: judged.verdicts.map(({ judge, accept, score, reason }) => ({ judge, accept, score, reason })),
  };
}

/** Keeps a pair when it is among the `limit` most similar of either lemma, or a person has spoken about it. */
function mostSimilar(pairs: readonly PairEvidence[], limit: number): PairEvidence[] {
  const kept = new Map<number, number>();
  return [...pairs]
    .sort((left, right) => right.similarity - left.similarity || left.a - right.a || left.b - right.b)
    .filter(({ a, b, verdicts }) => {
      if (verdicts.some(({ judge }) => judge === PERSON)) return true;
      const heldA = kept.get(a) ?? 0;
      const heldB = kept.get(b) ?? 0;
      if (heldA >= limit && heldB >= limit) return false;
      kept.set(a, heldA + 1);
      kept.set(b, heldB + 1);
      return true;
    });
}
