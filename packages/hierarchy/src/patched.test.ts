// The patched controls: causal, exact in their count of parameters, able to learn, scored as they are trained.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '@strata/engine';
import { ADAMW_DEFAULTS, AdamW, elementCount, ParameterScope, ParameterValues } from '@strata/nn';
import { saveLevel } from '@strata/store';
import { BpeTokenizer, countPreTokens, trainBpe } from '@strata/subword';
import { exp, input, interpret, logSoftmax, type Node, sum } from '@strata/tensor';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from './config-file.js';
import { encodePieces } from './ladder-text.js';
import { gradientName } from './objective.js';
import { type PatchedSizes, patchedInputNats, patchedLogits, patchedObjective } from './patched.js';
import { loadPatched, patchedGraph, patchedOnnx, patchedParameters } from './patched-run.js';
import { matchPatched, patchedParameterCount } from './patched-sizes.js';
import { PATCHED_KINDS, type PatchedKind, PatchFeeds, patchCapacity, placesPerPatch } from './patches.js';
import { PieceScorer } from './piece-scorer.js';
import { weightFeeds } from './run.js';

const TEXT = 'The cat sat on the mat, and the dog sat on the cat. '.repeat(6);
const CONFIG = readConfig(fileURLToPath(new URL('../../../configs/toy.yaml', import.meta.url)), ['threads=1']);
const TOKENIZERS: Record<PatchedKind, BpeTokenizer> = {
  spacebyte: new BpeTokenizer([]),
  blocks: trainBpe(countPreTokens(TEXT), 270).tokenizer,
};

/** Narrow local layers, so that the sliding window of eight bytes is shorter than what is read. */
function sizesOf(kind: PatchedKind): PatchedSizes {
  const local = { width: 8, headCount: 2, depthBefore: kind === 'blocks' ? 0 : 1, depthAfter: 1 };
  const global = { globalWidth: 16, globalHeadCount: 2, globalDepth: 2 };
  return { kind, vocabularySize: TOKENIZERS[kind].vocabularySize, ...local, ...global };
}

const initial = (sizes: PatchedSizes): ParameterValues => ParameterValues.initialise(patchedParameters(sizes), 3);
const feedsOf = (kind: PatchedKind, windows: number, pieces: Int32Array) => ({
  pieces,
  ...new PatchFeeds(kind, windows, pieces.length / windows).fill(pieces),
});

const folder = mkdtempSync(join(tmpdir(), 'strata-patched-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(PATCHED_KINDS)('%s', (kind) => {
  const sizes = sizesOf(kind);
  const tokenizer = TOKENIZERS[kind];
  const length = 24;
  const encoded = encodePieces([TEXT], tokenizer);

  it('pays nothing else for what came before a piece that changes', () => {
    const windows = 2;
    const nats = patchedInputNats(new ParameterScope(kind), sizes, windows, length);
    const weights = weightFeeds(initial(sizes));
    const targets = encoded.slice(1, 1 + windows * length);
    const run = (pieces: Int32Array): Float64Array =>
      interpret({ nats }, { ...feedsOf(kind, windows, pieces), targets, ...weights }).nats!;
    const pieces = encoded.slice(0, windows * length);
    const before = run(pieces);
    for (let t = 0; t < windows * length; t++)
      // A letter becomes a space and a space a letter, so that patches move too.
      for (const other of [tokenizer.encode(' ')[0]!, tokenizer.encode('z')[0]!]) {
        if (pieces[t] === other) continue;
        const after = run(pieces.with(t, other));
        const same = (from: number, to: number): void =>
          expect([...after.subarray(from, to)]).toEqual([...before.subarray(from, to)]);
        same(0, t);
        // The other window does not see it either.
        if (t < length) same(length, 2 * length);
        expect(after[t]).not.toBe(before[t]);
      }
  });

  it('tells later patches of what came before the reach of local attention', () => {
    const nats = patchedInputNats(new ParameterScope(kind), sizes, 1, length);
    const run = (pieces: Int32Array): number =>
      interpret(
        { nats },
        { ...feedsOf(kind, 1, pieces), targets: encoded.slice(1, 1 + length), ...weightFeeds(initial(sizes)) },
      ).nats!.at(-1)!;
    const pieces = encoded.slice(0, length);
    expect(run(pieces.with(2, pieces[2]! + 1))).not.toBe(run(pieces));
  });

  it('gives probabilities that sum to one, in the engine as in the interpreter', async () => {
    const scope = new ParameterScope(kind);
    const places = patchCapacity(kind, length) * placesPerPatch(kind);
    const logits = patchedLogits(
      scope,
      input('pieces', [1, length], 'int32'),
      input('patchPlaces', [places], 'int32'),
      input('patchOf', [length], 'int32'),
      sizes,
    );
    const next: Node = logSoftmax(logits);
    const feeds = { ...feedsOf(kind, 1, encoded.slice(0, length)), ...weightFeeds(initial(sizes)) };
    const exact = interpret({ next, total: sum(exp(next), [1]) }, feeds);
    for (const total of exact.total!) expect(Math.abs(total - 1)).toBeLessThan(1e-9);
    const executable = await compile({ next }, { threads: 1 });
    const found = (await executable.run(feeds)).next!;
    for (const [i, value] of found.entries()) expect(Math.abs(value - exact.next![i]!)).toBeLessThan(1e-4);
    await executable.dispose();
    expect(patchedOnnx(sizes, length, weightFeeds(initial(sizes))).length).toBeGreaterThan(1000);
  });

  it('counts parameters as the graph declares them, within 1% of what is asked for', () => {
    for (const parameters of [1e5, 4e5, 1e6, 3.3e6, 6.3e6, 1.5e7, 1e8]) {
      const vocabularySize = kind === 'spacebyte' ? 257 : Math.min(8192, Math.round(parameters / 1000) + 300);
      const found = matchPatched(parameters, kind, vocabularySize);
      const declared = patchedParameters(found).reduce((total, { shape }) => total + elementCount(shape), 0);
      expect(patchedParameterCount(found)).toBe(declared);
      expect(Math.abs(declared / parameters - 1)).toBeLessThan(0.01);
      expect((found.width / found.headCount) % 2).toBe(0);
      expect((found.globalWidth / found.globalHeadCount) % 2).toBe(0);
    }
  });

  it('learns, is loaded again, and is scored as it was trained', { timeout: 60_000 }, async () => {
    const windows = 2;
    const objective = patchedObjective(new ParameterScope(kind), sizes, windows, length);
    const values = initial(sizes);
    const optimiser = new AdamW(values, ADAMW_DEFAULTS);
    const executable = await compile(objective.outputs, { threads: 1 });
    const weights = new Float32Array(windows * length).fill(1);
    const inverseCount = Float32Array.of(1 / weights.length);
    const losses: number[] = [];
    for (let step = 0; step < 60; step++) {
      const start = (step * 7) % (encoded.length - windows * length - 1);
      const pieces = encoded.slice(start, start + windows * length);
      const targets = encoded.slice(start + 1, start + 1 + windows * length);
      const feeds = { ...feedsOf(kind, windows, pieces), targets, weights, inverseCount, ...weightFeeds(values) };
      const outputs = await executable.run(feeds);
      losses.push(outputs.loss![0]!);
      for (const [name, view] of optimiser.gradients.views) view.set(outputs[gradientName(name)]!);
      optimiser.update(optimiser.gradients, step + 1, 0.01);
    }
    await executable.dispose();
    const last = losses.slice(-5).reduce((total, loss) => total + loss / 5, 0);
    expect(last).toBeLessThan(0.7 * losses[0]!);

    const path = join(folder, kind);
    saveLevel(path, {
      config: { ...sizes, window: length },
      vocabulary: tokenizer.toJSON(),
      parameters: values.tensors(),
      extra: { corpus: 'a hash' },
    });
    const loaded = loadPatched(path);
    expect(loaded).toMatchObject({ sizes, window: length, corpus: 'a hash' });
    const scorer = await PieceScorer.of(loaded, patchedGraph(sizes, CONFIG.batch.windows, length), CONFIG, length);
    const { total, bytes } = await scorer.score([TEXT]);
    await scorer.dispose();
    expect(bytes).toBe(TEXT.length);
    const perPiece = (total * Math.LN2 * bytes) / (encoded.length - 1);
    expect(perPiece).toBeLessThan(0.8 * losses[0]!);
    expect(perPiece).toBeGreaterThan(0.5 * last);
  });

  it('has the same gradients when layers are computed again', () => {
    const run = (recompute: boolean): Record<string, Float64Array> => {
      const { outputs } = patchedObjective(new ParameterScope(kind), sizes, 1, length, { recompute });
      const pieces = encoded.slice(0, length);
      const rest = {
        targets: encoded.slice(1, 1 + length),
        weights: new Float32Array(length).fill(1),
        inverseCount: [1],
      };
      return interpret(outputs, { ...feedsOf(kind, 1, pieces), ...rest, ...weightFeeds(initial(sizes)) });
    };
    const kept = run(false);
    for (const [name, values] of Object.entries(run(true)))
      for (const [i, value] of values.entries()) expect(value).toBeCloseTo(kept[name]![i]!, 10);
  });
});
