// Overrides reach every key that the schema has, also where the file leaves a section to its defaults, and nothing else.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config-file.js';

const TOY = fileURLToPath(new URL('../../../configs/toy.yaml', import.meta.url));
const refusal = (assignment: string): string => {
  try {
    readConfig(TOY, [assignment]);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error(`${assignment} was accepted`);
};

describe('an override', () => {
  it('reaches into sections that the file leaves to their defaults', () => {
    const config = readConfig(TOY, [
      'checkpoints.seconds=5',
      'word.training.validation.every=7',
      'word.training.earlyStopping.patience=3',
      'flat.training.groups=[{ match: "*.embedding", learningRate: 0.5 }]',
    ]);
    expect(config.checkpoints).toEqual({ seconds: 5, keep: 2 });
    expect(config.word.training.validation).toEqual({ every: 7, bytes: 20_000 });
    expect(config.word.training.earlyStopping).toEqual({ patience: 3, minimumDelta: 0 });
    expect(config.flat.training.groups).toEqual([{ match: '*.embedding', learningRate: 0.5 }]);
    expect(config.concept.training.validation.every).toBe(100);
  });

  it('is refused where there is no such section or key, with what there is', () => {
    expect(refusal('checkpoint.seconds=5')).toMatch(/no section "checkpoint".*checkpoints/);
    expect(refusal('word.training.validations.every=5')).toMatch(/no section "validations".*validation, earlyStopping/);
    expect(refusal('word.training.validation.evry=5')).toContain('Did you mean "every"?');
    expect(refusal('name.first=x')).toContain('no section "name"');
    for (const key of ['__proto__', 'constructor', 'toString']) expect(refusal(`${key}.x=1`)).toContain('no section');
    expect({}).not.toHaveProperty('x');
  });

  it('cannot ask for early stopping without validations', () => {
    expect(
      refusal(
        'word.training={ bytes: 1e5, learningRate: 0.1, validation: { every: 0 }, earlyStopping: { patience: 1 } }',
      ),
    ).toMatch(/word.*validation\.every/);
  });
});

describe('keys that are refused together', () => {
  it.each([
    ['word.input.factors=false', 'Set word.input.base=every'],
    ['word.input={ factors: false, base: unnamed }', 'Set word.input.base=every'],
    ['concept.width=33', 'Set concept.width or concept.headCount'],
    ['gestalt.headCount=32', 'or gestalt.positions to alibi or none'],
    ['gestalt.headCount=3', 'Set gestalt.width or gestalt.headCount'],
    [
      'gestalt.training={ bytes: 1e5, learningRate: 0.1, validation: { every: 0 }, earlyStopping: { patience: 1 } }',
      'Set gestalt.training.validation.every',
    ],
    ['batch.units=8', 'Set batch.units or batch.piecesPerUnit higher'],
    ['batch.units=65536', 'Set batch.units or batch.piecesPerUnit lower'],
    ['batch={ windows: 4096, units: 300, piecesPerUnit: 3 }', 'Set batch.windows lower'],
  ])('%s: the message says which to set', (assignment, nextStep) => {
    expect(refusal(assignment)).toContain(nextStep);
  });
});

describe('who proposes and judges concepts', () => {
  it.each([
    ['concept.distil.judges=[]', 'name one at least, of wordnet, company, word'],
    ['concept.distil.proposers=[]', 'name one at least, of base, wordnet'],
    ['concept.distil.judges=[company, company]', 'name each once'],
    ['concept.distil.proposers=[base, base]', 'name each once'],
    [
      'concept.distil={ minimumCount: 1, lemmas: 9, contexts: 1, neighbours: 1, maximumSize: 2, proposers: [wordnet], judges: [wordnet] }',
      'add base to proposers, or company to judges',
    ],
  ])('%s is refused with what to do', (assignment, nextStep) => {
    expect(refusal(assignment)).toContain(nextStep);
  });

  it('is accepted where another than the proposer judges', () => {
    const { distil } = readConfig(TOY, [
      'concept.distil.proposers=[wordnet]',
      'concept.distil.judges=[wordnet, word]',
    ]).concept;
    expect(distil).toMatchObject({ proposers: ['wordnet'], judges: ['wordnet', 'word'] });
    expect(refusal('concept.distil.judge=[word]')).toContain('Did you mean "judges"?');
  });
});

describe('norm and positions', () => {
  it('are left out where nothing is said, so that a run of before has the configuration that it had', () => {
    const { subword, word, concept, gestalt, flat } = readConfig(TOY);
    for (const level of [subword, word, concept, gestalt, flat])
      for (const key of ['norm', 'positions']) expect(Object.keys(level)).not.toContain(key);
  });

  it.each(['subword', 'word', 'concept', 'gestalt', 'flat'] as const)('can be chosen for %s', (level) => {
    const chosen = readConfig(TOY, [`${level}.norm=proportion`, `${level}.positions=alibi`])[level];
    expect(chosen).toMatchObject({ norm: 'proportion', positions: 'alibi' });
    expect(refusal(`${level}.norm=batch`)).toContain(`${level}.norm: found "batch"`);
  });

  it('allow heads of an odd width where nothing is turned', () => {
    for (const positions of ['alibi', 'none'])
      expect(readConfig(TOY, ['word.width=15', 'word.headCount=5', `word.positions=${positions}`]).word.width).toBe(15);
  });
});
