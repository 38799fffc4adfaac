// How a chosen thought becomes a word: the levels above offer lemmas, the word level inflects them side by side, and the
// frozen base picks the form that reads best here. Unknown words are pointed at, or spelled.
import type { RandomStream } from '@strata/nn';
import { CASING_NAMES, OTHER_GAP_ID, SPELLED_ID } from '@strata/word';
import type { BaseReader } from './base-reader.js';
import type { CachedClimb } from './cached-climb.js';
import { type Choice, choose, putInstead, type SamplingOptions } from './choice.js';
import type { GeneratedUnits, WrittenUnit } from './generated-units.js';
import { CANDIDATES, type GenerationSessions } from './generation-graph.js';
import type { Feeds } from './ladder-batch.js';
import type { Ladder } from './run.js';
import type { Remembered } from './spoken-climb.js';
import { StepTrace } from './trace.js';

/** A unit of which all but its boundary is decided. */
export type Unbounded = Omit<WrittenUnit, 'boundary'>;

/** Where a word is to be written, and how. */
export interface WordPlace {
  readonly written: GeneratedUnits;
  readonly climb: CachedClimb;
  /** Rows of the climb, with the boundary that was chosen. */
  readonly feeds: Feeds;
  /** The word level's context [D]. */
  readonly context: Float32Array;
  readonly sampling: SamplingOptions;
  readonly random: RandomStream;
  readonly trace: StepTrace;
  /** Whether the base picks among forms, or the levels above alone. */
  readonly basePicks: boolean;
  /** A concept that a person puts here in the place of the one that is drawn. */
  readonly put?: number | undefined;
  /** What the concept level would say again, where it has a memory. */
  readonly again?: Remembered | undefined;
  /** Probability that a word without a name comes. */
  readonly unnamed: number;
}

/** A word as it would be written, and what the levels above give it. */
interface Candidate {
  readonly unit: Unbounded;
  /** Probability of its lemma and features. */
  readonly probability: number;
  readonly lemma: Choice;
  readonly trace: StepTrace;
}

/** Rendering a chosen lemma is less free than choosing it: its temperature is so much lower. */
const RENDERING = 0.5;
const GREEDY: SamplingOptions = { temperature: 0, topP: 1 };
/** Lemmas less likely than the likeliest by so much are not worth ranking. */
const LEAST_SHARE = 1e-3;
/** Features of a lemma that are considered beside its likeliest: those with so much of its probability. */
const LEAST_FEATURES = 0.15;
/**
 * The base's share in a geometric mean with what the levels above give a form: their exponents add up to one, since
 * a plain product is sharper than either and falls into the same few phrases (experiments/LOG.md).
 */
const BASE_SHARE = 0.5;

type Factor = 'slot' | 'casing' | 'gap';

/** Writes one word after the other for a generation. */
export class WordWriter {
  constructor(
    readonly ladder: Ladder,
    readonly sessions: GenerationSessions,
    readonly base: BaseReader,
  ) {}

  /**
   * The word level alone. Whether the word has a name is drawn first; then, of the likeliest lemmas in their likeliest
   * forms, one by what the word level and the base give it together. Temperature and top-p hold for each of these two
   * distributions once; no top-p narrows which lemmas are offered. Undefined where the word has no name.
   */
  async fromLemma(place: WordPlace, lemmas: Float32Array): Promise<Unbounded | undefined> {
    const { sampling, random, trace } = place;
    const { vocabulary } = this.ladder.words!;
    const drawn = choose(lemmas, sampling, random);
    if (drawn.id === SPELLED_ID || !place.basePicks) {
      const lemma = trace.keep('word', 'lemma', drawn, (id) => vocabulary.lemma(id));
      return lemma === SPELLED_ID ? undefined : this.#alone(place, lemma);
    }
    const named = lemmas.slice();
    named[SPELLED_ID] = 0;
    const candidates = await this.#candidates(place, likeliest(named));
    const chosen = await this.#pick(place, candidates, sampling, (pick) => {
      const { lemma, trace: own } = candidates[pick.id]!;
      trace.keep('word', 'lemma', lemma, (id) => vocabulary.lemma(id));
      trace.choices.push(...own.choices);
    });
    return chosen.unit;
  }

  /**
   * A concept first; its members are the candidates. The word level inflects each, and where there are several the
   * base picks the one that reads best here, weighed by p(lemma | concept). Undefined where the word has no name.
   */
  async fromConcept(place: WordPlace, lemmas: Float32Array): Promise<Unbounded | undefined> {
    const { sampling, random, trace } = place;
    const concepts = this.ladder.concepts!;
    const { vocabulary } = this.ladder.words!;
    const probabilities = new Float64Array(concepts.size);
    for (let lemma = 0; lemma < lemmas.length; lemma++) probabilities[concepts.conceptOf[lemma]!]! += lemmas[lemma]!;
    // Drawn even where a person decides, so that all later draws stay the seed's own.
    const drawn = choose(probabilities, sampling, random);
    const chosen = place.put === undefined ? drawn : putInstead(drawn, probabilities, place.put);
    const nameOf = (id: number): string => concepts.nameOf(id);
    const concept = trace.keep('concept', 'concept', chosen, nameOf, place.put !== undefined);
    const share = place.again?.concepts.get(concept) ?? 0;
    if (share > chosen.probability / 2)
      trace.list('concept', 'spoken of before', { id: concept, probability: share, runnersUp: [] }, nameOf);
    const members = [...concepts.members[concept]!];
    if (members.length === 1) return members[0] === SPELLED_ID ? undefined : this.#alone(place, members[0]!);
    // A concept that was put may have no probability at all; then its members are alike.
    const all = probabilities[concept]!;
    const given = members.map((lemma) => (all > 0 ? lemmas[lemma]! / all : 1 / members.length));
    trace.list('word', 'candidates', choose(given, GREEDY, random), (id) => vocabulary.lemma(members[id]!));
    const entries = members.map((id, i) => ({ id, probability: given[i]!, runnersUp: [] }));
    const ranked = entries.sort((a, b) => b.probability - a.probability).slice(0, CANDIDATES);
    return (await this.#pick(place, await this.#candidates(place, ranked), GREEDY)).unit;
  }

  /** An unknown word: one that was read before, or one that the base spells with the word level's message. */
  async unknown(place: WordPlace): Promise<Unbounded> {
    const { written, climb, context, sampling, random, trace } = place;
    const words = this.ladder.words!;
    const seen =
      this.#nameAgain(place) ?? (await this.base.point(climb, context, written.length, sampling, random, trace));
    if (seen !== undefined) {
      const { casing, spelling, lemma, slot } = words.encodeSurface(seen);
      const [gap] = await this.#gaps(place, [{ lemma, slot, casing }], [trace]);
      return { lemma, slot, casing, gap: gap!, ...(spelling !== undefined && { spelling }) };
    }
    const { gap: gapText, surface } = await this.base.spell(climb, context, sampling, random, trace);
    const gap = words.vocabulary.gapIdOf(gapText);
    const { casing, spelling, lemma, slot } = words.encodeSurface(surface);
    const escaped = gap === OTHER_GAP_ID ? { escapedGap: gapText } : {};
    return { lemma, slot, casing, gap, ...escaped, ...(spelling !== undefined && { spelling }) };
  }

  /** A name that the concept level remembers, where one is drawn rather than what the word level would say; given that one of both comes. */
  #nameAgain({ again, unnamed, sampling, random, trace }: WordPlace): string | undefined {
    if (again === undefined || again.names.length === 0 || !(unnamed > 0)) return undefined;
    const remembered = again.names.map(({ probability }) => Math.min(1, probability / unnamed));
    const anew = Math.max(0, 1 - remembered.reduce((sum, share) => sum + share, 0));
    const drawn = choose([...remembered, anew], sampling, random);
    const name = (id: number): string => again.names[id]?.surface ?? '<none of them>';
    return again.names[trace.keep('concept', 'memory', drawn, name)]?.surface;
  }

  /** One lemma with nothing beside it: its form is drawn. */
  async #alone(place: WordPlace, lemma: number): Promise<Unbounded> {
    const { vocabulary } = this.ladder.words!;
    const legal = legalIn(vocabulary.slotMask(lemma));
    const [slots] = await this.#distributions(place, 'slot', [{ lemma }]);
    const chosen = choose(slots!, rendering(place), place.random, legal);
    const slot = place.trace.keep('word', 'features', chosen, (id) => vocabulary.slotName(id));
    return (await this.#finish(place, [{ lemma, slot }], [place.trace]))[0]!;
  }

  /** The forms that lemmas may take here, the likeliest first, each rendered with casing and gap. */
  async #candidates(place: WordPlace, lemmas: readonly Choice[]): Promise<Candidate[]> {
    const { vocabulary } = this.ladder.words!;
    const slots = await this.#distributions(
      place,
      'slot',
      lemmas.map(({ id }) => ({ lemma: id })),
    );
    const forms = lemmas
      .flatMap((lemma, i) => {
        const legal = legalIn(vocabulary.slotMask(lemma.id));
        const best = choose(slots[i]!, GREEDY, place.random, legal);
        const others = [...slots[i]!.keys()].filter(
          (slot) => slot !== best.id && legal(slot) && slots[i]![slot]! >= LEAST_FEATURES,
        );
        return [best.id, ...others].map((slot) => {
          const share = slots[i]![slot]!;
          const runnersUp = best.runnersUp.filter(({ id }) => id !== slot);
          return {
            lemma,
            features: { id: slot, probability: share, runnersUp },
            probability: lemma.probability * share,
          };
        });
      })
      .sort((a, b) => b.probability - a.probability)
      .slice(0, CANDIDATES);
    const traces = forms.map(({ features }) => {
      const trace = new StepTrace();
      trace.keep('word', 'features', features, (id) => vocabulary.slotName(id));
      return trace;
    });
    const units = await this.#finish(
      place,
      forms.map(({ lemma, features }) => ({ lemma: lemma.id, slot: features.id })),
      traces,
    );
    return forms.map(({ lemma, probability }, i) => ({ unit: units[i]!, probability, lemma, trace: traces[i]! }));
  }

  /**
   * One candidate, drawn from the geometric mean, over all candidates, of what the levels above give each and how the
   * base reads it.
   */
  async #pick(
    { climb, random, trace, basePicks }: WordPlace,
    candidates: readonly Candidate[],
    sampling: SamplingOptions,
    before: (pick: Choice) => void = () => {},
  ): Promise<Candidate> {
    const { vocabulary } = this.ladder.words!;
    const forms = candidates.map(({ unit: { lemma, slot, casing, gap } }) => ({
      gap: vocabulary.gap(gap),
      surface: vocabulary.surfaceOf(lemma, slot, casing),
    }));
    const isRead = basePicks && candidates.length > 1;
    const reads = isRead ? await this.base.rank(climb, forms) : forms.map(() => 1);
    const joint = candidates.map(({ probability }, i) => probability ** (1 - BASE_SHARE) * reads[i]! ** BASE_SHARE);
    const total = joint.reduce((sum, value) => sum + value, 0);
    const shares = joint.map((value) => (total > 0 ? value / total : 1 / joint.length));
    const pick = choose(shares, sampling, random);
    before(pick);
    trace.keep(basePicks ? 'subword' : 'word', 'pick', pick, (id) => forms[id]!.surface);
    return candidates[pick.id]!;
  }

  /** Casing and gap of forms, drawn; each writes into its own trace. */
  async #finish(
    place: WordPlace,
    forms: readonly { lemma: number; slot: number }[],
    traces: readonly StepTrace[],
  ): Promise<Unbounded[]> {
    const { vocabulary } = this.ladder.words!;
    const casings = await this.#distributions(place, 'casing', forms);
    const cased = forms.map(({ lemma, slot }, i) => {
      const legal = legalIn(vocabulary.casingMask(lemma, slot));
      const chosen = choose(casings[i]!, rendering(place), place.random, legal);
      return { lemma, slot, casing: traces[i]!.keep('word', 'casing', chosen, (id) => CASING_NAMES[id]!) };
    });
    const gaps = await this.#gaps(place, cased, traces);
    return cased.map((form, i) => ({ ...form, gap: gaps[i]! }));
  }

  async #gaps(
    place: WordPlace,
    forms: readonly { lemma: number; slot: number; casing: number }[],
    traces: readonly StepTrace[],
  ): Promise<number[]> {
    const { vocabulary } = this.ladder.words!;
    const gaps = await this.#distributions(place, 'gap', forms);
    return forms.map((_, i) => {
      const chosen = choose(gaps[i]!, rendering(place), place.random, (id) => id !== OTHER_GAP_ID);
      return traces[i]!.keep('word', 'gap', chosen, (id) => JSON.stringify(vocabulary.gap(id)));
    });
  }

  /** The distribution of one factor for each word, given what is known of it. */
  async #distributions(
    { feeds }: WordPlace,
    factor: Factor,
    words: readonly { lemma: number; slot?: number; casing?: number }[],
  ): Promise<Float32Array[]> {
    const column = (of: (word: (typeof words)[number]) => number): Int32Array => {
      const values = new Int32Array(CANDIDATES);
      for (const [i, word] of words.entries()) values[i] = of(word);
      return values;
    };
    const boundary = new Int32Array(CANDIDATES).fill((feeds['target.boundary'] as Int32Array)[0]!);
    const outputs = await this.sessions.forms.run({
      ...feeds,
      'target.boundary': boundary,
      'target.lemma': column(({ lemma }) => lemma),
      'target.slot': column(({ slot }) => slot ?? 0),
      'target.casing': column(({ casing }) => casing ?? 0),
      'target.gap': new Int32Array(CANDIDATES),
    });
    const values = outputs[factor]!;
    const width = values.length / CANDIDATES;
    return words.map((_, i) => values.slice(i * width, (i + 1) * width).map(Math.exp));
  }
}

function rendering({ sampling }: WordPlace): SamplingOptions {
  return { ...sampling, temperature: sampling.temperature * RENDERING };
}

function legalIn(mask: number): (id: number) => boolean {
  return (id) => (mask & (1 << id)) !== 0;
}

/** The likeliest lemmas, as many as are rendered side by side, each with others as runners-up. */
function likeliest(probabilities: Float32Array): Choice[] {
  const least = LEAST_SHARE * probabilities.reduce((most, value) => Math.max(most, value), 0);
  const ranked = [...probabilities.keys()]
    .filter((id) => probabilities[id]! > least)
    .sort((a, b) => probabilities[b]! - probabilities[a]! || a - b)
    .slice(0, CANDIDATES)
    .map((id) => ({ id, probability: probabilities[id]! }));
  return ranked.map((lemma) => ({ ...lemma, runnersUp: ranked.filter((other) => other !== lemma).slice(0, 4) }));
}
