// What a study's file is refused for before anything is trained: sweeps that would choose a text, or have no stage to choose for.
import { fileURLToPath } from 'node:url';
import { ConfigError } from '@strata/hierarchy';
import { describe, expect, it } from 'vitest';
import { parseStudy, type Sweep, sweepCells, tableCells } from './study.js';

const config = fileURLToPath(new URL('../../../configs/toy.yaml', import.meta.url));

const studyOf = (more: string): string =>
  `name: toy\nquestion: Which?\nprediction: One.\nconfig: toy.yaml\nset: [top=word]\n${more}\n`;

describe('a sweep', () => {
  it.each(['evaluation.validationBytes', 'corpus.folder', 'corpus', 'seed', 'name'])(
    'never chooses %s by validation text',
    (key) => {
      const text = studyOf(`sweeps: [{ stage: word, key: ${key}, values: [1000, 2000] }]`);
      expect(() => parseStudy(text, 'study.yaml')).toThrow('cannot be swept');
    },
  );

  it('has no run in common with another one', () => {
    const sweep = (key: string): string => `{ stage: word, key: ${key}, values: [0.01, 0.02] }`;
    const both = (...keys: string[]): string => studyOf(`sweeps: [${keys.map(sweep).join(', ')}]`);
    const [base, word] = ['subword.training.learningRate', 'word.training.learningRate'] as const;
    expect(() => parseStudy(both(base, word), 'study.yaml')).toThrow('would both be the run learningRate-0.01-word');
    expect(() => parseStudy(both(word, word), 'study.yaml')).toThrow('would both be the run');
    expect(parseStudy(both(word), 'study.yaml').sweeps).toHaveLength(1);
  });

  it('has each value once, however it is written', () => {
    const swept = (values: string): string => studyOf(`sweeps: [{ stage: word, key: word.width, values: ${values} }]`);
    expect(() => parseStudy(swept('[32, 64, 32.0]'), 'study.yaml')).toThrow(
      'study.yaml: sweeps: word.width, word: values: 32, 64, 32 has 32 twice. Give each value once.',
    );
    expect(parseStudy(swept('[32, 64]'), 'study.yaml').sweeps).toHaveLength(1);
  });

  it('is refused for a level above the top of the ladder', () => {
    const sweep: Sweep = { stage: 'concept', key: 'concept.width', values: [32] };
    const placed = { study: parseStudy(studyOf(''), 'study.yaml'), path: 'study.yaml', config };
    expect(() => sweepCells(placed, sweep, [])).toThrow(ConfigError);
    expect(() => sweepCells(placed, sweep, [])).toThrow('Set top=concept');
    const [cell] = sweepCells(placed, { stage: 'blocks', key: 'flat.training.learningRate', values: [0.01] }, []);
    expect(cell!.stages).toEqual(['subword', 'word', 'blocks']);
  });
});

describe('settings of a study', () => {
  const placed = (more: string) => ({ study: parseStudy(studyOf(more), 'study.yaml'), path: 'study.yaml', config });

  it.each(['evaluation.testBytes=10', 'corpus={ folder: books }', 'seed=7', 'name=other'])(
    'no variant has %s, which would put another text or seed beside the own one',
    (assignment) => {
      expect(() => placed(`variants: { other: [${JSON.stringify(assignment)}] }`)).toThrow('is no variant');
    },
  );

  it('say that seeds have a key of their own, where a setting would be ignored', () => {
    expect(() => tableCells(placed(''), ['seed=7'])).toThrow('study.yaml: seed=7 cannot be set');
  });

  it('have no share of the text twice', () => {
    expect(() => placed('scales: [0.5, 1, 0.5]')).toThrow('scales: 0.5, 1, 0.5 has one twice');
  });

  it('are refused with the study and the run that they are for', () => {
    expect(() => tableCells(placed('variants: { wide: [word.widht=64] }'), [])).toThrow(
      /^study\.yaml: the run wide-s1: .*Did you mean "width"/s,
    );
  });
});
