// A second reading of the ladder for the validity tests: the very distributions that scoring pays from, whole, over one
// window; costs are worked out from them by hand. Feeds may be tampered with, to see whether a check notices a cheat.
import { compile, type Executable } from '@strata/engine';
import {
  batchTables,
  encodeLadder,
  escapedGapNats,
  type Feeds,
  type Ladder,
  LadderBatch,
  type LadderScorer,
  type LadderText,
  ladderScopes,
  type UnitCost,
  type UpperLevel,
  unitNats,
  type WindowShape,
  weightFeeds,
} from '@strata/hierarchy';
import { isKind, type Node } from '@strata/tensor';
import { OTHER_GAP_ID, SPELLED_ID } from '@strata/word';
import { type Meaning, remembered, surfaceOf } from './probe-memory.js';

/** The parts of a unit's cost that are read off one distribution each, by the unit's field that they predict. */
export const PARTS = { boundary: 'boundary', lemma: 'lemma', features: 'slot', casing: 'casing', gap: 'gap' } as const;
export type Part = keyof typeof PARTS;
/**
 * What a probe reads: the parts (of lemmas, with what the concept level remembers), the pieces of unknown words, which of
 * those read before is pointed at; and lemmas by the levels' own prediction with what of it is remembered (`memory`).
 */
export type Found = Part | 'spelling' | 'pointer' | 'ownLemma' | 'memory';
/** All of it; a memory only where there is one. */
export type Distributions = Record<Exclude<Found, 'memory'>, Distribution> & { readonly memory?: Distribution };
const NAMES = Object.keys(PARTS) as Part[];

/** A matrix of log-probabilities. */
export interface Distribution {
  readonly values: Float32Array;
  readonly rows: number;
  readonly width: number;
}

/** Changes feeds before they are read. */
export type Tamper = (feeds: Feeds) => void;

/** One window that holds a whole short text: 40 units of any length, all of them spelled if need be. */
export const PROBE_SHAPE: WindowShape = { windows: 1, units: 40, pieces: 600, spelledPieces: 640 };

/** The first node below `part`, breadth first, that `found` takes. */
function below<T>(part: Node, found: (node: Node) => T | undefined): T {
  const queue = [part];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    const taken = found(node);
    if (taken !== undefined) return taken;
    queue.push(...node.inputs);
  }
  throw new Error('this part of the graph has no such node');
}

/** What a part is paid from: the matrix that the graph picks the target's log-probability out of. */
function paidFrom(part: Node): Node {
  return below(part, (node) => (isKind(node, 'pick') ? node.inputs[0] : undefined));
}

/** Log-probabilities of pointing at each of `count` things, or at none of them: the last. */
function pointedFrom(part: Node, count: number): Node {
  return below(part, (node) =>
    isKind(node, 'logSoftmax') && node.shape.length === 3 && node.shape[2] === count + 1 ? node : undefined,
  );
}

/** Log-probabilities of the pieces of unknown words. */
function writtenFrom(spelling: Node, pieces: number): Node {
  return below(spelling, (node) =>
    isKind(node, 'pick') && node.inputs[0].shape[1] === pieces + 1 ? node.inputs[0] : undefined,
  );
}

export class LadderProbe {
  readonly #batch: LadderBatch;

  private constructor(
    readonly ladder: Ladder,
    readonly executable: Executable,
    readonly shapes: ReadonlyMap<string, readonly number[]>,
  ) {
    this.#batch = new LadderBatch(batchTables(ladder), PROBE_SHAPE);
  }

  static async create(ladder: Ladder, top: UpperLevel): Promise<LadderProbe> {
    const nats = unitNats(ladderScopes(), ladder.config, ladder.inventory!, top, PROBE_SHAPE);
    const { memory } = top === 'word' ? {} : ladder.config.concept;
    const { units } = PROBE_SHAPE;
    const { lemma: ownLemma, ...parts } = Object.fromEntries(NAMES.map((part) => [part, paidFrom(nats[part])]));
    const outputs: Record<string, Node> = {
      ...parts,
      ownLemma: ownLemma!,
      spelling: writtenFrom(nats.spelling, ladder.tokenizer.vocabularySize),
      pointer: pointedFrom(nats.spelling, units),
      ...(memory && { memory: pointedFrom(nats.lemma, memory.concepts + units) }),
    };
    const shapes = new Map(Object.entries(outputs).map(([part, node]) => [part, node.shape]));
    return new LadderProbe(ladder, await compile(outputs, { threads: 1 }), shapes);
  }

  /** The distributions that predict the units after unit `start` of a text, 40 at most, and those of spelled pieces. */
  async distributions(text: LadderText, tamper: Tamper = () => {}, start = 0): Promise<Distributions> {
    const length = text.units.length - 1 - start;
    if (length > PROBE_SHAPE.units) throw new RangeError(`a probe reads ${PROBE_SHAPE.units} units, not ${length}`);
    const feeds = this.#batch.fill(text, [{ start, length, scoreFrom: 0 }]);
    tamper(feeds);
    const weights = weightFeeds(...Object.values(this.ladder.values));
    const wanted = [...this.executable.inputs.keys()].map((name) => [name, feeds[name] ?? weights[name]] as const);
    const outputs = await this.executable.run(Object.fromEntries(wanted));
    const found = Object.fromEntries(
      Object.entries(outputs).map(([part, values]) => {
        const width = this.shapes.get(part)!.at(-1)!;
        return [part, { values: values.slice(), rows: values.length / width, width }];
      }),
    ) as Distributions;
    return { ...found, lemma: this.#lemmas(found, text, start, length) };
  }

  /** What the shares of the memory mean in a window of a text. */
  #remembered(text: LadderText, start: number): (Meaning | undefined)[] {
    return remembered(this.ladder, text, start, PROBE_SHAPE.units);
  }

  /** Lemmas with what is remembered: each concept is meant anew or again, and its members share it as the words have it. */
  #lemmas({ ownLemma, memory }: Distributions, text: LadderText, start: number, length: number): Distribution {
    if (memory === undefined) return ownLemma;
    const { conceptOf, size } = this.ladder.concepts!;
    const slots = this.#remembered(text, start);
    const { width } = ownLemma;
    const values = ownLemma.values.slice();
    for (let row = 0; row < length; row++) {
      const lemmas = ownLemma.values.subarray(row * width, (row + 1) * width);
      const shares = Array.from(memory.values.subarray(row * memory.width, (row + 1) * memory.width), Math.exp);
      const own = new Float64Array(size);
      for (const [lemma, log] of lemmas.entries()) own[conceptOf[lemma]!]! += Math.exp(log);
      const mixed = own.map((probability) => probability * shares.at(-1)!);
      for (const [k, slot] of slots.entries()) if (slot !== undefined) mixed[slot.concept]! += shares[k]!;
      for (const [lemma, log] of lemmas.entries()) {
        const concept = conceptOf[lemma]!;
        if (own[concept]! > 0) values[row * width + lemma] = log + Math.log(mixed[concept]! / own[concept]!);
      }
    }
    return { ...ownLemma, values };
  }

  /** Nats of each unit after unit `start` by the chain rule, read off the distributions by the unit's own ids. */
  async unitNats(text: LadderText, tamper: Tamper = () => {}, start = 0): Promise<number[]> {
    const found = await this.distributions(text, tamper, start);
    const { units, pieces, spans } = text;
    const surfaces = Array.from({ length: units.length }, (_, unit) => surfaceOf(this.ladder, text, unit));
    const slots = found.memory === undefined ? [] : this.#remembered(text, start);
    let spelledRow = 0;
    let spelledWord = 0;
    return Array.from({ length: units.length - 1 - start }, (_, row) => {
      const unit = start + row + 1;
      const paid = (part: Found, at: number, id: number): number => -found[part]!.values[at * found[part]!.width + id]!;
      const named = units.lemma[unit] !== SPELLED_ID;
      const factors = (parts: readonly Part[]): number =>
        parts.reduce((sum, part) => sum + paid(part, row, units[PARTS[part]][unit]), 0);
      const escaped = units.gap[unit] === OTHER_GAP_ID ? escapedGapNats(units.escapedGaps.get(unit)!) : 0;
      if (named) return factors(NAMES) + escaped;
      // Written piece by piece, casing and gap among them, or pointed at wherever it was read before.
      let written = paid('pointer', spelledWord, found.pointer.width - 1);
      for (const piece of [...pieces.subarray(spans.start(unit), spans.end(unit)), found.spelling.width - 1])
        written += paid('spelling', spelledRow++, piece);
      const earlier = Array.from({ length: unit - start }, (_, i) => start + i).filter(
        (i) => units.lemma[i] === SPELLED_ID,
      );
      const pointed = earlier
        .flatMap((i, key) => (surfaces[i] === surfaces[unit] ? [Math.exp(-paid('pointer', spelledWord, key))] : []))
        .reduce((sum, probability) => sum + probability, 0);
      spelledWord++;
      const gap = Math.exp(-factors(['gap']) - escaped);
      const said = Math.exp(-written) + pointed * gap;
      // The very word is meant again by the concept level, or said as the word level has it.
      const anew = Math.exp(
        -paid('ownLemma', row, SPELLED_ID) - (slots.length > 0 ? paid('memory', row, slots.length) : 0),
      );
      const again = slots
        .flatMap((slot, k) => (slot?.surface === surfaces[unit] ? [Math.exp(-paid('memory', row, k))] : []))
        .reduce((sum, probability) => sum + probability, 0);
      return factors(['boundary', 'features']) - Math.log(anew * said + again * gap);
    });
  }

  dispose(): Promise<void> {
    return this.executable.dispose();
  }
}

/** Largest distance from 1 of the summed probabilities of the first `rows` rows. */
export function worstSum({ values, width }: Distribution, rows: number): number {
  let worst = 0;
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let id = 0; id < width; id++) sum += Math.exp(values[row * width + id]);
    worst = Math.max(worst, Math.abs(sum - 1));
  }
  return worst;
}

/** Messages start at zero and have learned little in a few steps; large ones make every path from above visible. */
export function exaggerate({ values }: Ladder): void {
  for (const level of ['word', 'concept', 'gestalt'] as const)
    for (const [name, view] of values[level]!.views) {
      if (!/descend|message/.test(name)) continue;
      // A gate's parameter counts thirty times (`zeroGate`).
      const size = name.endsWith('gate') ? 0.01 : 0.3;
      for (let i = 0; i < view.length; i++) view[i] += size * Math.sin(i * 1.7 + name.length);
    }
}

/** A text on all levels. */
export function encodeText(ladder: Ladder, text: string): LadderText {
  return encodeLadder([text], ladder.words!, ladder.tokenizer);
}

/** The cost of each unit 1.. as scoring gives it. */
export async function costsOf(scorer: LadderScorer, text: LadderText): Promise<UnitCost[]> {
  const costs: UnitCost[] = [];
  await scorer.costs(text, (unit, cost) => {
    costs[unit - 1] = cost;
  });
  return costs;
}
