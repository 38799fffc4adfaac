// Distilling a concept vocabulary, from evidence to named clusters: propose, judge, close triangles, cluster, look again.
// Each step is a public function of its own; this is their order.
import { cluster } from './cluster.js';
import { EvidenceError, type SubstitutionEvidence } from './evidence.js';
import { unfollowed } from './follower.js';
import { type Judge, type JudgedPair, judgePairs, type Proposal } from './judge.js';
import { type LemmaEntry, lemmasById } from './lemma.js';
import type { PairProposer } from './lexical-proposer.js';
import { PERSON, type ResolvedEdits } from './overlay.js';
import { ruledByPerson } from './person.js';
import { BASE, defaultMinimumSimilarity, type ProposeOptions, Proposer } from './propose.js';
import { ConceptVocabulary } from './vocabulary.js';

/** What distilling needs: every lemma of the word vocabulary, the evidence about the frequent ones, and who judges. */
export interface ConceptSources {
  readonly lemmas: readonly LemmaEntry[];
  readonly evidence: SubstitutionEvidence;
  readonly judges: readonly Judge[];
  /** Who proposes pairs beside the base's evidence. */
  readonly proposers?: readonly PairProposer[];
}

/** How to distil. */
export interface BuildConceptsOptions extends ProposeOptions {
  /** Most members of a concept; 8 unless given. */
  readonly maximumSize?: number;
  /** Each member must be accepted with more than this part of the others; 0.5 unless given. */
  readonly agreement?: number;
  /** What a person has edited, resolved for these lemmas; it prevails over every judge. */
  readonly edits?: ResolvedEdits;
  /** Told, in words, what is being done. */
  readonly onProgress?: (step: string) => void;
}

/** Pairs that judges are asked about at once: what a lexicon looks up in some tenths of a second, and enough to fill a model's passes. */
const judgedAtOnce = 512;

/** The concepts of a word vocabulary; the same sources and options give the same concepts; throws EvidenceError, LemmaError, JudgeError. */
export async function buildConcepts(
  sources: ConceptSources,
  options: BuildConceptsOptions = {},
): Promise<ConceptVocabulary> {
  const { judges, proposers = [] } = sources;
  const { maximumSize = 8, agreement = 0.5, edits, onProgress = () => {}, follower = unfollowed } = options;
  const lemmas = lemmasById(sources.lemmas);
  checkSameLemmas(lemmas, sources.evidence.lemmas);

  const proposer = await Proposer.create(sources.evidence, options);
  const proposals = await proposer.proposals();
  onProgress(`${proposals.length} pairs of mutual neighbours among ${sources.evidence.lemmas.length} lemmas`);

  const judged = new Map<string, JudgedPair>();
  const judge = async (pairs: readonly Proposal[]): Promise<void> => {
    if (pairs.length > 0) follower.begin('pairs are judged', pairs.length, 'pairs');
    for (let first = 0; first < pairs.length; first += judgedAtOnce) {
      const some = pairs.slice(first, first + judgedAtOnce);
      for (const pair of await judgePairs(some, judges))
        judged.set(keyOf(pair.proposal.a.id, pair.proposal.b.id), pair);
      await follower.reach(first + some.length);
    }
  };
  const unjudged = async (pairs: readonly (readonly [number, number])[]): Promise<Proposal[]> => {
    const found = new Map<string, Proposal>();
    if (pairs.length > 0) follower.begin('further pairs are compared', pairs.length, 'pairs');
    for (const [done, [first, second]] of pairs.entries()) {
      await follower.reach(done + 1);
      const key = keyOf(first, second);
      if (judged.has(key) || found.has(key)) continue;
      const pair = proposer.pair(first, second);
      if (pair !== undefined) found.set(key, pair);
    }
    return [...found.values()];
  };

  await judge(proposals);
  // What both propose is the base's proposal, about which the other may judge.
  let proposed = proposals.length;
  for (const { name, pairs } of proposers) {
    const further = (await unjudged(await pairs(sources.evidence.lemmas, follower))).map((pair) => ({
      ...pair,
      proposer: name,
    }));
    await judge(further);
    proposed += further.length;
    onProgress(`${further.length} further pairs proposed by ${name}`);
  }
  // A person has the last word, and is heard before triangles are closed: what is merged may draw others near.
  const known = (a: number, b: number): JudgedPair | Proposal | undefined =>
    judged.get(keyOf(a, b)) ?? proposer.pair(a, b);
  for (const ruled of edits === undefined ? [] : ruledByPerson(edits, lemmas, known))
    judged.set(keyOf(ruled.proposal.a.id, ruled.proposal.b.id), ruled);
  // Two that are accepted with a third may be alike without being mutual neighbours: such triangles are judged too.
  // As pairs that nobody proposed, they face a measure's strict threshold: that both go with a third says little, since a word of two
  // meanings goes with words of both, and three become a concept only where all pairs are accepted. What a lexicon accepts it
  // accepts here as well, and a measure that does not object lets that stand: strictness meets only pairs no lexicon vouches for.
  const leastSimilar = options.minimumSimilarity ?? defaultMinimumSimilarity;
  const open = (await unjudged(openTriangles([...judged.values()]))).filter((pair) => pair.similarity >= leastSimilar);
  await judge(open);
  onProgress(`${judged.size} pairs judged, ${open.length} of them to close a triangle`);

  // Members that no judge has compared are compared now, and clustered again if that parts them: no antonyms by the back door.
  for (;;) {
    const pairs = [...judged.values()];
    const accepted = pairs.filter((pair) => pair.accepted);
    const clusters = cluster(
      accepted.map(({ proposal }) => ({ a: proposal.a.id, b: proposal.b.id, similarity: proposal.similarity })),
      lemmas,
      {
        maximumSize,
        agreement,
        apart: pairs.filter((pair) => pair.apart).map(({ proposal }) => ({ a: proposal.a.id, b: proposal.b.id })),
        ...(edits && { together: edits.together.map((group) => group.lemmas) }),
      },
    );
    const missing = await unjudged(clusters.flatMap(pairsWithin));
    if (missing.length === 0) {
      onProgress(`${clusters.length} concepts of two or more lemmas from ${accepted.length} accepted pairs`);
      return ConceptVocabulary.fromClusters(lemmas, clusters, pairs, {
        judges: [...(edits?.applied ? [PERSON] : []), ...judges.map(({ name }) => name)],
        proposers: [...(options.neighbours === 0 ? [] : [BASE]), ...proposers.map(({ name }) => name)],
        proposed,
        judged: pairs.length,
        accepted: accepted.length,
        maximumSize,
        ...(edits?.applied && { edits: edits.applied }),
      });
    }
    await judge(missing);
  }
}

function checkSameLemmas(lemmas: readonly LemmaEntry[], evident: readonly LemmaEntry[]): void {
  for (const lemma of evident) {
    const known = lemmas[lemma.id];
    if (known === undefined || known.name !== lemma.name || known.pos !== lemma.pos) {
      throw new EvidenceError(
        `evidence about "${lemma.name}" (${lemma.pos}, id ${lemma.id}), where the word vocabulary has ${known === undefined ? 'no such id' : `"${known.name}" (${known.pos})`}; ` +
          'both must come from one vocabulary. Gather the evidence again.',
      );
    }
  }
}

/** Pairs of lemmas that are both accepted with a third. */
function openTriangles(judged: readonly JudgedPair[]): [number, number][] {
  const friends = new Map<number, number[]>();
  for (const { accepted, proposal } of judged) {
    if (!accepted) continue;
    for (const [from, to] of [
      [proposal.a.id, proposal.b.id],
      [proposal.b.id, proposal.a.id],
    ] as const) {
      const known = friends.get(from);
      if (known) known.push(to);
      else friends.set(from, [to]);
    }
  }
  return [...friends.values()].flatMap(pairsWithin);
}

function pairsWithin(ids: readonly number[]): [number, number][] {
  return ids.flatMap((first, index) => ids.slice(index + 1).map((second): [number, number] => [first, second]));
}

function keyOf(first: number, second: number): string {
  return first < second ? `${first} ${second}` : `${second} ${first}`;
}
