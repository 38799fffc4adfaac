// Damaged and forged files in front of every reader of binary files: each is read or refused by a named error, and what is
// allocated stays near the length of the input. STRATA_FUZZ sets the number of files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OnnxError, readOnnx, toOnnx } from '@strata/engine';
import {
  DamagedFileError,
  decodeSafetensors,
  encodeSafetensors,
  ForeignFileError,
  SafetensorsError,
  sha256,
  stringifyJson,
  type TensorData,
  VersionError,
} from '@strata/store';
import { add, gather, input, matmul, tanh } from '@strata/tensor';
import { CheckpointStore } from '@strata/train';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { edited, editedMessage, edits } from './mutations.js';
import { tinyTransformer } from './tiny-transformer.js';

const FILES = Number(process.env.STRATA_FUZZ ?? 3000);
/** Enough for any machine; a reader that hangs is ended by it. */
const TIMEOUT = 120_000 + 20 * FILES;

/** What one file may take beyond its length: room for messages, a compiler's work and collected garbage. */
const SLACK_BYTES = 16e6;
const MULTIPLE = 300;

/**
 * Reads with `reader`, which throws for what it refuses; anything but the named errors is a failure, and so is memory out
 * of proportion. Garbage collection can only lower what is seen, so a refusal here is never by chance.
 */
function survives(bytes: Uint8Array, refusals: readonly (new (...args: never) => Error)[], reader: () => void): string {
  const before = process.memoryUsage();
  let outcome = 'read';
  try {
    reader();
  } catch (error) {
    if (!refusals.some((refusal) => error instanceof refusal)) throw error;
    outcome = (error as Error).message;
    expect(outcome.length).toBeLessThan(5000);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const taken = Math.max(heapUsed - before.heapUsed, arrayBuffers - before.arrayBuffers);
  expect(taken, `bytes taken by a file of ${bytes.length}`).toBeLessThan(SLACK_BYTES + MULTIPLE * bytes.length);
  return outcome;
}

const x = input('x', [2, 3]);
const { outputs: transformer } = tinyTransformer();
const models: readonly Uint8Array[] = [
  toOnnx({ y: add(x, 1) }),
  toOnnx(
    { y: tanh(matmul(x, input('w', [3, 4]))), z: gather(input('table', [5, 2]), input('ids', [3], 'int32')) },
    { initializers: new Map([['w', new Float32Array(12).fill(0.5)]]) },
  ),
  toOnnx(Object.fromEntries(Object.entries(transformer).map(([name, node]) => [`${name}.out`, node]))),
];

const tensors = new Map<string, TensorData>([
  ['embedding', { shape: [5, 4], data: new Float32Array(20).fill(0.25) }],
  ['empty', { shape: [0, 3], data: new Float32Array(0) }],
  ['scalar', { shape: [], data: Float32Array.of(1) }],
]);
const stored = [encodeSafetensors(new Map()), encodeSafetensors(tensors, { step: '12', format: 'strata-level' })];

const folder = mkdtempSync(join(tmpdir(), 'strata-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runs = (share: number): { numRuns: number } => ({ numRuns: Math.ceil(FILES * share) });

describe('forged files', () => {
  it(
    'ONNX: bytes anywhere',
    () => {
      let refused = 0;
      fc.assert(
        fc.property(fc.constantFrom(...models), fc.constantFrom(...models), edits, (model, other, changes) => {
          const bytes = edited(model, changes, other);
          if (survives(bytes, [OnnxError], () => readOnnx(bytes)) !== 'read') refused++;
        }),
        runs(0.3),
      );
      expect(refused).toBeGreaterThan(0.15 * FILES);
    },
    TIMEOUT,
  );

  it(
    'ONNX: fields removed, repeated, moved and set to extremes in files of the right form',
    () => {
      const reached = { read: 0, wire: 0, graph: 0 };
      fc.assert(
        fc.property(fc.constantFrom(...models), edits, (model, changes) => {
          const bytes = editedMessage(model, changes);
          const outcome = survives(bytes, [OnnxError], () => readOnnx(bytes));
          reached[outcome === 'read' ? 'read' : / byte \d+, in /.test(outcome) ? 'wire' : 'graph']++;
        }),
        runs(0.3),
      );
      // If the checks behind the wire format were never met, these edits would be no better than those of bytes.
      for (const count of Object.values(reached)) expect(count, stringifyJson(reached)).toBeGreaterThan(0.01 * FILES);
    },
    TIMEOUT,
  );

  it(
    'safetensors',
    () => {
      let refused = 0;
      fc.assert(
        fc.property(fc.constantFrom(...stored), edits, fc.boolean(), (whole, changes, repaired) => {
          let bytes = edited(whole, changes, stored[1]!);
          if (repaired) {
            // Only the header is edited, and its length is put right.
            const end = 8 + Number(Buffer.from(whole).readBigUInt64LE());
            const header = edited(whole.subarray(8, end), changes, stored[1]!);
            const length = Buffer.alloc(8);
            length.writeBigUInt64LE(BigInt(header.length));
            bytes = Buffer.concat([length, header, whole.subarray(end)]);
          }
          if (survives(bytes, [SafetensorsError], () => decodeSafetensors(bytes)) !== 'read') refused++;
        }),
        runs(0.25),
      );
      expect(refused).toBeGreaterThan(0.15 * FILES);
    },
    TIMEOUT,
  );

  it(
    'checkpoints: manifests and tensors, with the seal as it was and put right',
    () => {
      new CheckpointStore(folder).save({ step: 7, tensors, state: { random: [1, 2], stage: 'word' } });
      const paths = { manifest: join(folder, 'step-00000007.json'), data: join(folder, 'step-00000007.safetensors') };
      const kind = { format: 'strata-checkpoint', version: 1 };
      const seal = (body: object): string => JSON.stringify({ ...body, checksum: sha256(JSON.stringify(body)) });
      const bodyFor = (data: Uint8Array): object => ({
        ...kind,
        files: { 'step-00000007.safetensors': { bytes: data.length, sha256: sha256(data) } },
        extra: { step: 7, state: null },
      });
      const data = stored[1]!;
      const body = Buffer.from(JSON.stringify(bodyFor(data)));
      // A whole member replaced by anything that JSON can say, under a seal that fits.
      const forged = fc.tuple(fc.constantFrom('format', 'version', 'files', 'extra'), fc.jsonValue());
      const where = fc.constantFrom('manifest', 'sealed manifest', 'sealed data');
      const ends = { whole: 0, damaged: 0, foreign: 0, version: 0 };
      fc.assert(
        fc.property(where, edits, forged, (place, changes, [member, value]) => {
          const changed = place === 'sealed data' ? edited(data, changes, body) : data;
          const text = Buffer.from(seal(bodyFor(changed)));
          const manifest =
            place === 'sealed data'
              ? text
              : place === 'manifest'
                ? edited(text, changes, data)
                : Buffer.from(seal({ ...bodyFor(data), [member]: value }));
          writeFileSync(paths.data, changed);
          writeFileSync(paths.manifest, manifest);
          const reports: Error[] = [];
          const store = new CheckpointStore(folder, { onDamaged: (error) => reports.push(error) });
          let whole = false;
          const input = Buffer.concat([manifest, changed]);
          const outcome = survives(input, [VersionError], () => {
            whole = store.loadLatest() !== undefined;
          });
          if (outcome !== 'read') ends.version++;
          else if (whole) ends.whole++;
          else if (reports[0] instanceof DamagedFileError) ends.damaged++;
          else if (reports[0] instanceof ForeignFileError) ends.foreign++;
          else expect.unreachable('a checkpoint that is not loaded is reported');
        }),
        runs(0.15),
      );
      for (const count of [ends.damaged, ends.foreign, ends.version])
        expect(count, stringifyJson(ends)).toBeGreaterThan(0.002 * FILES);
    },
    TIMEOUT,
  );
});
