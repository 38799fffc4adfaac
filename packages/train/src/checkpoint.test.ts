// A run goes on from a whole checkpoint whatever was cut, flipped or killed before.
// From: the promises in checkpoint.ts.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonValueError, sha256, type TensorData, VersionError } from '@strata/store';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Checkpoint, CheckpointStore } from './checkpoint.js';

let folder: string;
let reports: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strata-checkpoint-'));
  reports = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (keep?: number): CheckpointStore =>
  new CheckpointStore(folder, {
    ...(keep === undefined ? {} : { keep }),
    onDamaged: (error) => reports.push(error.message),
  });

const checkpoint = (step: number): Checkpoint => ({
  step,
  tensors: new Map<string, TensorData>([
    ['word.weight', { shape: [2, 3], data: Float32Array.from({ length: 6 }, (_, i) => step + i / 10) }],
    ['adam.moment', { shape: [], data: Float32Array.of(-step) }],
  ]),
  state: { random: [step, 0xffffffff], epoch: 0.1 + step, stage: 'word' },
});

describe('CheckpointStore', () => {
  it('gives back the latest exactly, from a new process too, and nothing from an empty folder', () => {
    expect(open().loadLatest()).toBeUndefined();
    for (const step of [0, 100, 1200]) open().save(checkpoint(step));
    expect(open().loadLatest()).toEqual(checkpoint(1200));
    expect(readdirSync(folder)).toContain('step-00001200.safetensors');
    expect(reports).toEqual([]);
  });

  it('keeps two unless told, by number and not by name', () => {
    const store = open();
    for (const step of [1, 2, 99_999_999, 100_000_000]) store.save(checkpoint(step));
    expect(store.steps()).toEqual([99_999_999, 100_000_000]);
    expect(readdirSync(folder)).toHaveLength(4);
    open(1).save(checkpoint(100_000_001));
    expect(store.steps()).toEqual([100_000_001]);
    expect(() => open(0)).toThrow(RangeError);
  });

  it('notices a flipped bit in every single byte: of length, header, tensors, manifest and seal', () => {
    const store = open();
    store.save(checkpoint(100));
    store.save(checkpoint(200));
    for (const name of ['step-00000200.safetensors', 'step-00000200.json']) {
      const path = join(folder, name);
      const whole = readFileSync(path);
      for (let place = 0; place < whole.length; place++) {
        const damaged = Buffer.from(whole);
        damaged[place]! ^= 1 << (place % 8);
        reports = [];
        writeFileSync(path, damaged);
        const loaded = open().loadLatest();
        // Only white space in the manifest may change unnoticed, since it changes nothing.
        if (loaded?.step === 200)
          expect([String.fromCharCode(whole[place]!).trim(), loaded]).toEqual(['', checkpoint(200)]);
        else expect([loaded, reports.length], `${name}, byte ${place}`).toEqual([checkpoint(100), 1]);
      }
      writeFileSync(path, whole);
    }
    expect(open().loadLatest()).toEqual(checkpoint(200));
  });

  it('after any flipped bit or any cut in the newest, reports it and goes on from the one before', () => {
    const store = open();
    store.save(checkpoint(100));
    store.save(checkpoint(200));
    const newest = ['step-00000200.safetensors', 'step-00000200.json'].map((name) => join(folder, name));
    const damage = fc.oneof(
      fc.nat().map((place) => (bytes: Buffer) => bytes.subarray(0, place % bytes.length)),
      fc.tuple(fc.nat(), fc.nat(7)).map(([place, bit]) => (bytes: Buffer) => {
        bytes[place % bytes.length]! ^= 1 << bit;
        return bytes;
      }),
    );
    let damaged = 0;
    fc.assert(
      fc.property(fc.constantFrom(...newest), damage, (path, change) => {
        const whole = readFileSync(path);
        reports = [];
        writeFileSync(path, change(Buffer.from(whole)));
        const loaded = open().loadLatest();
        writeFileSync(path, whole);
        // Only white space in the manifest may change unnoticed, since it changes nothing.
        if (loaded?.step === 200) expect([loaded, path]).toEqual([checkpoint(200), newest[1]]);
        else {
          damaged++;
          expect(loaded).toEqual(checkpoint(100));
          expect(reports).toHaveLength(1);
          expect(reports[0]).toContain('step-00000200');
          expect(reports[0]).toContain('Next: ');
        }
      }),
      { numRuns: 200 },
    );
    expect(damaged).toBeGreaterThan(150);
  });

  it('is not harmed by a kill at any point of a save', () => {
    open().save(checkpoint(100));
    open().save(checkpoint(200));
    // Killed while writing the data: only a temporary file. Killed between the files: data without its manifest.
    writeFileSync(join(folder, '.step-00000300.safetensors.0123456789ab.tmp'), 'half');
    copyFileSync(join(folder, 'step-00000200.safetensors'), join(folder, 'step-00000300.safetensors'));
    writeFileSync(join(folder, '.step-00000300.json.0123456789ab.tmp'), '{');
    // Killed while removing: data whose manifest is already gone.
    rmSync(join(folder, 'step-00000100.json'));
    expect(open().loadLatest()).toEqual(checkpoint(200));
    expect(reports).toEqual([]);
    open().save(checkpoint(300));
    expect(readdirSync(folder).sort()).toEqual([
      'step-00000200.json',
      'step-00000200.safetensors',
      'step-00000300.json',
      'step-00000300.safetensors',
    ]);
  });

  it('removes nothing when a save fails', () => {
    const store = open(1);
    store.save(checkpoint(100));
    const wrong = { ...checkpoint(200), tensors: new Map([['a', { shape: [3], data: new Float32Array(2) }]]) };
    expect(() => store.save(wrong)).toThrow(/shape \[3\] and 2 elements/);
    expect(() => store.save({ ...checkpoint(200), state: { loss: Number.NaN } })).toThrow(JsonValueError);
    expect(store.loadLatest()).toEqual(checkpoint(100));
    expect(reports).toEqual([]);
  });

  it('forgets a future that the run has left by resuming before it', () => {
    const store = open();
    for (const step of [100, 200]) store.save(checkpoint(step));
    writeFileSync(join(folder, 'step-00000200.safetensors'), 'damaged');
    expect(store.loadLatest()?.step).toBe(100);
    store.save(checkpoint(150));
    expect(store.steps()).toEqual([100, 150]);
    expect(store.loadLatest()).toEqual(checkpoint(150));
  });

  it('returns nothing if all are damaged, after reporting each', () => {
    for (const step of [100, 200]) open().save(checkpoint(step));
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), '{}');
    expect(open().loadLatest()).toBeUndefined();
    expect(reports).toHaveLength(2);
  });

  it('stops at a checkpoint of another version instead of using an older one', () => {
    for (const step of [100, 200]) open().save(checkpoint(step));
    const path = join(folder, 'step-00000200.json');
    const { checksum: _, ...body } = JSON.parse(readFileSync(path, 'utf8'));
    body.version = 2;
    writeFileSync(path, JSON.stringify({ ...body, checksum: sha256(JSON.stringify(body)) }));
    expect(() => open().loadLatest()).toThrow(VersionError);
  });
});
