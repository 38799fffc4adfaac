// `strata probe` promises tables for people, one document for programs, and to say what is wrong before it works.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProbeResults } from '@strata/compare';
import { beforeAll, describe, expect, it } from 'vitest';
import { contentsOf, refusal, scratchFolder, strata, strataJson } from './cli-harness.js';
import { type ToyRun, toyRun } from './toy-run.js';

let toy: ToyRun;
let probe: string[];
beforeAll(async () => {
  toy = await toyRun();
  probe = ['probe', '--run', toy.folder];
});

describe('strata probe', () => {
  it('prints a table for each probe that is asked for, and leaves the run as it was', async () => {
    const before = contentsOf(toy.folder);
    const argv = [...probe, '--only', 'buckets,typos,hare', '--model', 'strata', 'flat-params'];
    const { code, out, err } = await strata(argv);
    expect(code).toBe(0);
    expect(out).toMatch(/form in training text +units +bytes +strata +flat-params +strata - flat-params/);
    expect(out).toMatch(/Typos: .* with \d+ words misspelled\n.*ratio/);
    expect(out).not.toContain('Echo');
    expect(err).toContain('typos flat-params');
    expect(contentsOf(toy.folder)).toEqual(before);
  });

  it('gives all of it as one document, texts and grammar pairs too', async () => {
    const pairs = join(scratchFolder(), 'pairs.txt');
    writeFileSync(pairs, 'the little bears runs .\nthe little bears run .\nhe ran .\nhe run .\n');
    const argv = [...probe, '--only', 'typos,echo,pace', '--model', 'word', '--pairs', pairs];
    const { typos, echo, pace, ...others } = (await strataJson(...argv)) as ProbeResults;
    expect(others).toEqual({ run: toy.folder, seed: toy.config.seed });
    // The second pair has no word that is long enough.
    expect(typos!.models[0]).toMatchObject({ model: 'word', pairs: { clean: { pairs: 1 }, damaged: { pairs: 1 } } });
    expect(echo![0]!.after[1]!.sampled!.text.length).toBeGreaterThan(500);
    expect(pace![0]!.bytesPerSecond).toBeGreaterThan(0);
  });

  it('names the models and probes that there are, where another is asked for', async () => {
    expect(await refusal([...probe, '--model', 'flat-flops'])).toMatch(/no model flat-flops.*strata, .*flat-params/);
    expect(await refusal([...probe, '--only', 'echos'])).toContain('buckets, typos, hare, echo, pace');
    expect(await refusal(['probe', '--run', scratchFolder()])).toContain('no run of Strata');
    const empty = join(scratchFolder(), 'empty.txt');
    writeFileSync(empty, '');
    expect(await refusal([...probe, '--pairs', empty])).toContain('empty.txt');
  });
});
