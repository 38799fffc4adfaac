// A run is opened with the configuration that it was started with, also by a later version that knows more keys.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '@strata/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { ConfigError, readConfig } from './config-file.js';
import { Run } from './run.js';

const CONFIG = readConfig(fileURLToPath(new URL('../../../configs/toy.yaml', import.meta.url)));

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'strata-run-')), 'toy');
  Run.prepare(folder, CONFIG);
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const inRun = (name: string): string => join(folder, name);

describe('Run.open', () => {
  it('opens a run whose version did not know all keys, with the defaults of the others', () => {
    const { checkpoints: _, ...older } = parse(readFileSync(inRun('config.yaml'), 'utf8'));
    const text = stringify(older);
    writeFileSync(inRun('config.yaml'), text);
    const about = JSON.parse(readFileSync(inRun('run.json'), 'utf8'));
    writeFileSync(inRun('run.json'), JSON.stringify({ ...about, configHash: sha256(text) }));
    expect(Run.open(folder).config).toEqual(CONFIG);
    expect(Run.prepare(folder, CONFIG).folder).toBe(folder);
  });

  it('refuses a configuration that was changed, and lets comments and spaces be', () => {
    const text = readFileSync(inRun('config.yaml'), 'utf8');
    writeFileSync(inRun('config.yaml'), `# by hand\n\n${text}`);
    expect(Run.open(folder).config).toEqual(CONFIG);
    writeFileSync(inRun('config.yaml'), text.replace('seed: 1', 'seed: 2'));
    expect(() => Run.open(folder)).toThrow(ConfigError);
  });
});
