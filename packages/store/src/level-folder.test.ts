// A level loads exactly as it was saved or not at all, and the message says what to do.
// From: the promises in level-folder.ts and manifest.ts.
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DamagedFileError, ForeignFileError, MissingFileError, StoreError, VersionError } from './errors.js';
import { sha256 } from './hash.js';
import { type LevelToSave, loadLevel, saveLevel } from './level-folder.js';

const level: LevelToSave = {
  config: { width: 4, depth: 1 },
  vocabulary: { words: ['the', 'constructor', '\udcff'] },
  parameters: new Map([
    ['embedding', { shape: [3, 4], data: Float32Array.from({ length: 12 }, (_, i) => i / 7) }],
    ['gain', { shape: [4], data: new Float32Array(4).fill(1) }],
  ]),
  extra: { seed: 7, base: 'a'.repeat(64) },
};

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'strata-level-'));
  folder = join(root, 'levels', 'word');
});
afterEach(() => rmSync(root, { recursive: true }));

/** Changes the manifest and seals it again, as another version of Strata would have. */
function resealed(change: (body: Record<string, unknown>) => void): void {
  const path = join(folder, 'manifest.json');
  const { checksum: _, ...body } = JSON.parse(readFileSync(path, 'utf8'));
  change(body);
  writeFileSync(path, JSON.stringify({ ...body, checksum: sha256(JSON.stringify(body)) }));
}

describe('a saved level', () => {
  it('loads as it was saved, and saving the same again gives the same checksum and bytes', () => {
    const checksum = saveLevel(folder, level);
    expect(loadLevel(folder)).toEqual({ ...level, checksum });
    const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'hex')]);
    expect(saveLevel(folder, level)).toBe(checksum);
    expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'hex')])).toEqual(before);
  });

  it('drops the vocabulary of the level it replaces, and lets other files be', () => {
    saveLevel(folder, level);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const { vocabulary: _, ...without } = level;
    saveLevel(folder, without);
    expect(readdirSync(folder).sort()).toEqual(['config.json', 'manifest.json', 'model.safetensors', 'notes.txt']);
    expect(loadLevel(folder)).not.toHaveProperty('vocabulary');
  });

  it('is refused after any one changed bit in any of its files, unless the bit changes nothing that is read', () => {
    saveLevel(folder, level);
    const whole = loadLevel(folder);
    const files = readdirSync(folder).map((name) => join(folder, name));
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), fc.nat(7), (path, place, bit) => {
        const original = readFileSync(path);
        const flipped = Buffer.from(original);
        flipped[place % flipped.length]! ^= 1 << bit;
        writeFileSync(path, flipped);
        try {
          // White space in the manifest may turn into other white space.
          expect(loadLevel(folder)).toEqual(whole);
          expect(path).toMatch(/manifest\.json$/);
        } catch (error) {
          if (!(error instanceof DamagedFileError || error instanceof ForeignFileError)) throw error;
          expect(error.message).toContain('strata train word');
        } finally {
          writeFileSync(path, original);
        }
      }),
      { numRuns: 600 },
    );
  });

  it('is refused after any file is cut or gone, naming that file', () => {
    for (const name of ['config.json', 'vocabulary.json', 'model.safetensors', 'manifest.json']) {
      saveLevel(folder, level);
      truncateSync(join(folder, name), 20);
      expect(() => loadLevel(folder)).toThrow(DamagedFileError);
      expect(() => loadLevel(folder)).toThrow(join(folder, name));
      rmSync(join(folder, name));
      expect(() => loadLevel(folder)).toThrow(DamagedFileError);
      expect(() => loadLevel(folder)).toThrow(`${join(folder, name)}: `);
    }
  });

  it('is refused when a save was broken off: the manifest goes first and comes last', () => {
    saveLevel(folder, level);
    const broken = new Map([['gain', { shape: [5], data: new Float32Array(4) }]]);
    expect(() => saveLevel(folder, { ...level, parameters: broken })).toThrow(StoreError);
    expect(() => loadLevel(folder)).toThrow(/a save was not finished.*Next: delete .*word and run: strata train word/);
  });
});

describe('what is not a level of this version', () => {
  it('is missing, foreign or of another version, by name and with the next step', () => {
    expect(() => loadLevel(folder)).toThrow(MissingFileError);
    expect(() => loadLevel(folder)).toThrow(/no level is saved here.*strata train word/);
    saveLevel(folder, level);
    resealed((body) => {
      body.version = 2;
    });
    expect(() => loadLevel(folder)).toThrow(VersionError);
    expect(() => loadLevel(folder, 'update Strata')).toThrow(/version 2\. Accepted: version 1\. Next: update Strata/);
    resealed((body) => {
      body.format = 'other-format';
    });
    expect(() => loadLevel(folder)).toThrow(ForeignFileError);
    expect(() => loadLevel(folder)).toThrow(/"other-format"\. Accepted: format "strata-level"/);
    writeFileSync(join(folder, 'manifest.json'), '[]');
    expect(() => loadLevel(folder)).toThrow(ForeignFileError);
  });

  it('cannot make Strata read outside the folder', () => {
    saveLevel(folder, level);
    resealed((body) => {
      const files = body.files as Record<string, unknown>;
      body.files = { '../../secret.json': files['config.json'], ...files };
    });
    expect(() => loadLevel(folder)).toThrow(DamagedFileError);
  });
});
