// The kept map: taken again while the level is the same, made anew where it is another's, damaged or no map; and the
// worker's map is the one that is computed here.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { RandomStream } from '@strata/nn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConceptMap, mapPath } from './concept-map.js';
import { layOut } from './layout.js';
import type { MapMessage } from './map-worker.js';

const COUNT = 20;
const random = new RandomStream(1, 'vectors');
const vectors = Float32Array.from({ length: COUNT * 4 }, () => random.uniform() - 0.5);

let runFolder: string;
let notes: string[];
beforeEach(() => {
  runFolder = mkdtempSync(join(tmpdir(), 'strata-map-'));
  notes = [];
});
afterEach(() => rmSync(runFolder, { recursive: true, force: true }));

function positionsOf(level = 'a', count = COUNT): readonly number[] {
  const map = new ConceptMap({ runFolder, level, vectors, count, note: (line) => notes.push(line) });
  expect(map.answer.state).toBe('ready');
  return map.answer.state === 'ready' ? map.answer.positions : [];
}

describe('a kept map', () => {
  it('is taken again for the same level, and for no other', () => {
    const first = positionsOf();
    expect(first).toHaveLength(2 * COUNT);
    const file = mapPath(runFolder);
    // Marked, so that one that is taken again can be told from one that is made again.
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { positions: number[] };
    kept.positions[0] = 0.1234;
    writeFileSync(file, JSON.stringify(kept));
    expect(positionsOf()[0]).toBe(0.1234);
    expect(positionsOf('b')).toEqual(first);
    expect(notes).toEqual([]);
  });

  it('is made anew, and a person told, where the file is none', () => {
    const first = positionsOf();
    for (const bytes of [
      '',
      '{"format":',
      '{}',
      '{"format":"strata-concept-map","version":1,"level":"a","positions":[5]}',
    ]) {
      writeFileSync(mapPath(runFolder), bytes);
      expect(positionsOf()).toEqual(first);
      expect(notes.pop(), bytes).toContain('made anew');
    }
  });

  it('is shown although it cannot be kept', () => {
    runFolder = join(runFolder, 'gone');
    expect(positionsOf()).toHaveLength(2 * COUNT);
    expect(notes.join()).toContain('not kept');
  });
});

const BUILT = fileURLToPath(new URL('../dist/map-worker.js', import.meta.url));

it.skipIf(!existsSync(BUILT))('the worker, once built, says how far it is and gives the same map', async () => {
  const worker = new Worker(BUILT, { workerData: { vectors, count: COUNT, seed: 1 } });
  const said: MapMessage[] = [];
  await new Promise((resolve, reject) => {
    worker.on('message', (message: MapMessage) => said.push(message));
    worker.on('error', reject);
    worker.on('exit', resolve);
  });
  const last = said.pop()!;
  expect('positions' in last && [...last.positions]).toEqual([...layOut(vectors, COUNT, 1)]);
  expect(said.map((message) => 'step' in message && message.step)).toContain('weighing neighbours');
});
