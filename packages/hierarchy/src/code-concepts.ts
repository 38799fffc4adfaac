// Which typical patterns expect a concept: the gestalt's own likelihood, asked of the centre of every code.
// From: Strata, DESIGN (gestalt: a codebook of named typical patterns); the bag is gestalt/model.ts's.
import { compile } from '@strata/engine';
import { keepGreatest } from '@strata/nn';
import { input } from '@strata/tensor';
import { ladderBag } from './ladder-graph.js';
import { ladderScopes } from './ladder-scopes.js';
import { conceptTables, type Ladder, weightFeeds } from './run.js';
import { engineOptions } from './score.js';
import { tableFeeds } from './table-feeds.js';

/** A code that expects a concept, and with what probability a word of its sentences is of that concept. */
export interface ExpectingCode {
  readonly code: number;
  readonly probability: number;
}

/** For each concept the codes that expect it most, and what all codes expect of it on average. */
export interface CodeConcepts {
  /** The `kept` codes of a concept, the likeliest first. */
  codesOf(concept: number): ExpectingCode[];
  /** Probability of a concept under all codes, weighed by how many sentences each stands for. */
  usual(concept: number): number;
}

/** Codes asked in one pass: what is held is so many rows of as many numbers as there are concepts. */
const ROWS = 16;

/** Asks every code of a ladder that has a gestalt level; keeps `kept` codes a concept, so memory is that times the concepts. */
export async function codeConcepts(ladder: Ladder, kept = 4): Promise<CodeConcepts> {
  const { config, codebook, values } = ladder;
  if (codebook === undefined || ladder.concepts === undefined)
    throw new RangeError('codes expect concepts only where a gestalt level is trained');
  const width = codebook.width;
  const count = ladder.concepts.size;
  const patterns = input('patterns', [ROWS, width]);
  const tables = tableFeeds(ladder.words!.vocabulary, conceptTables(ladder.concepts));
  const initializers = new Map<string, Float32Array | Int32Array>(
    Object.entries({ ...weightFeeds(...Object.values(values)), ...tables }),
  );
  const bag = ladderBag(ladderScopes(), config, ladder.inventory!, patterns);
  const executable = await compile({ bag }, { ...engineOptions(config), initializers });
  const codes = new Int32Array(count * kept).fill(-1);
  const best = new Float32Array(count * kept);
  const usual = new Float64Array(count);
  const sentences = codebook.codes.reduce((sum, code) => sum + code.count, 0);
  try {
    for (let first = 0; first < codebook.size; first += ROWS) {
      const rows = codebook.codes.slice(first, first + ROWS);
      const feed = new Float32Array(ROWS * width);
      for (const [row, { centre }] of rows.entries()) feed.set(centre, row * width);
      const found = (await executable.run({ patterns: feed })).bag!;
      for (const [row, code] of rows.entries())
        for (let concept = 0; concept < count; concept++) {
          const probability = Math.exp(found[row * count + concept]!);
          usual[concept] += (probability * code.count) / Math.max(1, sentences);
          keepGreatest(codes, best, concept * kept, kept, first + row, probability);
        }
    }
  } finally {
    await executable.dispose();
  }
  return {
    codesOf: (concept) =>
      Array.from({ length: kept }, (_, i) => ({
        code: codes[concept * kept + i]!,
        probability: best[concept * kept + i]!,
      })).filter(({ code }) => code >= 0),
    usual: (concept) => usual[concept]!,
  };
}
