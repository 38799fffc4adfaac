// A concept's card: its members with their share of use and their forms, the evidence for every link, what was kept
// apart, and what lies near. From: Strata, DESIGN (every cluster keeps its evidence, so that a person can ask why).
import { type ConceptVocabulary, isEligible, type PairEvidence, type WhyPair } from '@strata/concept';
import type { WordVocabulary } from '@strata/word';
import type { CardAnswer, EvidenceAnswer, FormAnswer, NearAnswer } from './answers.js';
import type { ConceptSpace, Near } from './concept-space.js';

const NEIGHBOURS = 12;
const APART = 12;
const EVIDENCE = 200;

/** The card of a concept, `all` being the count of all named words; throws ConceptVocabularyError for an unknown id. */
export function conceptCard(
  id: number,
  concepts: ConceptVocabulary,
  words: WordVocabulary,
  space: ConceptSpace,
  all: number,
): CardAnswer {
  const { name, pos, members, links } = concepts.concept(id);
  const count = members.reduce((sum, member) => sum + member.count, 0);
  const apart = members
    .flatMap(({ lemma, name: own }) =>
      concepts.why(lemma).apart.map((pair) => apartEvidence(lemma, own, pair, concepts)),
    )
    .sort((left, right) => right.similarity - left.similarity);
  return {
    id,
    name,
    pos,
    count,
    share: all > 0 ? count / all : 0,
    coherence: concepts.coherence(id),
    editable: isEligible(pos),
    members: members.map((member) => ({
      ...member,
      share: count > 0 ? member.count / count : 1 / members.length,
      forms: formsOf(member.lemma, words),
    })),
    links: links.slice(0, EVIDENCE).map((pair) => evidence(pair, concepts)),
    apart: apart.slice(0, APART),
    near: space.near(id, NEIGHBOURS).map((near) => named(near, concepts)),
  };
}

/** A near concept with its name. */
export function named({ id, cosine }: Near, concepts: ConceptVocabulary): NearAnswer {
  const { name, pos } = concepts.concept(id);
  return { id, name, pos, cosine };
}

function formsOf(lemma: number, words: WordVocabulary): FormAnswer[] {
  const whole = Math.max(1, words.count(lemma));
  const forms: FormAnswer[] = [];
  for (let slot = 0; slot < words.slotCount; slot++) {
    const found = words.slotForm(lemma, slot);
    if (found !== undefined) forms.push({ slot: words.slotName(slot), form: found.form, share: found.count / whole });
  }
  return forms.sort((left, right) => right.share - left.share);
}

function evidence(pair: PairEvidence, concepts: ConceptVocabulary): EvidenceAnswer {
  const { a, b, accepted, similarity, liftAB, liftBA, shared, verdicts } = pair;
  const names = [concepts.lemma(a).name, concepts.lemma(b).name] as const;
  const said = verdicts.map((verdict) => ({ ...verdict, accept: verdict.accept ?? null }));
  return { a, b, names, accepted, similarity, liftAB: liftAB ?? null, liftBA: liftBA ?? null, shared, verdicts: said };
}

function apartEvidence(lemma: number, name: string, pair: WhyPair, concepts: ConceptVocabulary): EvidenceAnswer {
  const { other, accepted, similarity, otherInOwn, ownInOther, shared, verdicts } = pair;
  return {
    a: lemma,
    b: other.lemma,
    names: [name, other.name],
    accepted,
    similarity,
    liftAB: otherInOwn ?? null,
    liftBA: ownInOther ?? null,
    shared,
    verdicts: verdicts.map((verdict) => ({ ...verdict, accept: verdict.accept ?? null })),
    otherConcept: concepts.conceptOf[other.lemma]!,
  };
}
