export { type BuildConceptsOptions, buildConcepts, type ConceptSources } from './build-concepts.js';
export { companyJudge } from './company-judge.js';
export type { Concept, ConceptMember, DistillationSummary, PairEvidence, Why, WhyPair } from './concept.js';
export { ConceptIndex, type NearConcept } from './concept-index.js';
export { conceptVectors } from './concept-vectors.js';
export {
  type ConceptEdit,
  ConceptEditsError,
  conceptEditsFromJson,
  conceptEditsToJson,
  type EditedLemma,
  lemmaLabel,
  lemmasOf,
  MAXIMUM_TOGETHER,
} from './edits-json.js';
export { EvidenceError, type SubstitutionEvidence } from './evidence.js';
export { type Follower, unfollowed } from './follower.js';
export type { Judge, Verdict } from './judge.js';
export { consideredLemmas, isEligible, type LemmaEntry } from './lemma.js';
export { wordNetJudge } from './lexical-judge.js';
export { type PairProposer, WORDNET, wordNetProposer } from './lexical-proposer.js';
export type { ConceptMemoryConfig } from './memory.js';
export * from './model.js';
export {
  type ApartPair,
  type AppendedEdit,
  appendEdit,
  describeEdit,
  PERSON,
  type ResolvedEdits,
  resolveEdits,
  type TogetherGroup,
} from './overlay.js';
export {
  type ScorerJudgeOptions,
  type SubstitutionChange,
  type SubstitutionPair,
  scorerJudge,
} from './scorer-judge.js';
export { ConceptVocabulary, ConceptVocabularyError } from './vocabulary.js';
export { isWordNetPos, WordNet, type WordNetPos } from './wordnet.js';
export { type WordNetKinship, wordNetKinship } from './wordnet-relation.js';
