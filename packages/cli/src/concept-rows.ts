// The concepts of a run as rows for other tools, one a lemma, and as JSON with the evidence; both made a piece at a time.
// Column names are those that Embedding Atlas is told: --text text, and --vector vector or --x x --y y.
import type { Concept, ConceptVocabulary } from '@strata/concept';

/** What is exported: `vectors` is [C, D], `positions` [C, 2] on a map. */
export interface ConceptExport {
  readonly name: string;
  /** Of the concept level; absent where none is trained on these concepts yet. */
  readonly checksum?: string;
  readonly concepts: ConceptVocabulary;
  readonly vectors: Float32Array;
  readonly positions?: Float32Array;
}

/** One lemma in its concept; `id` is the lemma's. */
export interface ConceptRow {
  readonly id: number;
  readonly lemma: string;
  readonly part_of_speech: string;
  readonly concept: number;
  readonly concept_name: string;
  readonly members: number;
  readonly count: bigint;
  readonly coherence: number;
  /** What a person reads at a point. */
  readonly text: string;
  readonly vector: readonly number[];
  readonly x?: number;
  readonly y?: number;
}

const companionsInText = 8;

function vectorOf({ vectors, concepts }: ConceptExport, concept: number): Float32Array {
  const width = vectors.length / concepts.size;
  return vectors.subarray(concept * width, (concept + 1) * width);
}

function placeOf({ positions }: ConceptExport, concept: number): { x: number; y: number } | undefined {
  return positions && { x: positions[2 * concept]!, y: positions[2 * concept + 1]! };
}

function textOf(name: string, { members, pos }: Concept): string {
  const others = members.map((member) => member.name).filter((other) => other !== name);
  const more = others.length > companionsInText ? ', …' : '';
  return `${name} (${pos})${others.length === 0 ? '' : ` with ${others.slice(0, companionsInText).join(', ')}${more}`}`;
}

/** Every lemma in its concept: by concept, the most frequent member first. */
export function* conceptRows(exported: ConceptExport): Generator<ConceptRow> {
  const { concepts } = exported;
  for (const concept of concepts.concepts) {
    const shared = {
      concept: concept.id,
      concept_name: concept.name,
      members: concept.members.length,
      coherence: concepts.coherence(concept.id),
      vector: Array.from(vectorOf(exported, concept.id)),
      ...placeOf(exported, concept.id),
    };
    for (const { lemma, name, count } of concept.members) {
      const own = { id: lemma, lemma: name, part_of_speech: concept.pos, count: BigInt(Math.round(count)) };
      yield { ...own, ...shared, text: textOf(name, concept) };
    }
  }
}

/** A JSON document, a piece a concept: what the rows have, the links with their evidence, and the likeliest pairs apart. */
export function* conceptJson(exported: ConceptExport): Generator<string> {
  const { name, checksum, concepts, vectors } = exported;
  const { concepts: listed, separated, ...head } = concepts.toJSON();
  const source = { run: name, checksum, distillation: head.distillation, width: vectors.length / concepts.size };
  yield `${JSON.stringify({ format: 'strata-concepts-export', version: 1, ...source }).slice(0, -1)},"concepts":[`;
  for (const [index, { links, ...concept }] of listed.entries()) {
    const line = {
      ...concept,
      coherence: concepts.coherence(concept.id),
      ...placeOf(exported, concept.id),
      // Nine digits tell every float32 apart.
      vector: Array.from(vectorOf(exported, concept.id), (value) => Number(value.toPrecision(9))),
      links,
    };
    yield `${index === 0 ? '' : ','}\n${JSON.stringify(line)}`;
  }
  yield '\n],"separated":[';
  for (const [index, pair] of separated.entries()) yield `${index === 0 ? '' : ','}\n${JSON.stringify(pair)}`;
  yield '\n]}\n';
}
