// How the base ranks the words of a generation: each by the probability that it is the next unit, as a full pass over the
// whole text gives it, its end included; and what is drawn from these ranks.
import {
  BaseReader,
  CachedClimb,
  GeneratedUnits,
  Generator,
  generationSessions,
  type Ladder,
  openLadder,
} from '@strata/hierarchy';
import { ParameterScope } from '@strata/nn';
import { BOS_PIECE, subwordLogits, subwordStates } from '@strata/subword';
import { input, interpret, logSoftmax } from '@strata/tensor';
import { segmentUnits, textFromBytes } from '@strata/text';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshFolder, removeFolders, smallCorpus, trainSmall } from './small-run.js';

let ladder: Ladder;
let sessions: Awaited<ReturnType<typeof generationSessions>>;

beforeAll(async () => {
  ladder = openLadder(await trainSmall(freshFolder(), smallCorpus(), ['subword', 'word']));
  sessions = await generationSessions(ladder);
});
afterAll(async () => {
  await sessions.dispose();
  removeFolders();
});

const PROMPT = 'The bear looked at the tree. Then he';

/** Log-probabilities [T, V] of the piece after each, by the base over all of them at once, in float64. */
function fullPass(pieces: readonly number[]): Float64Array {
  const { sizes, values } = { sizes: ladder.config.subword, values: ladder.values.subword! };
  const scope = new ParameterScope('subword');
  const states = subwordStates(scope, input('pieces', [1, pieces.length], 'int32'), sizes);
  const feeds = { pieces: [...pieces], ...Object.fromEntries(values.views) };
  return interpret({ log: logSoftmax(subwordLogits(scope, states, sizes)) }, feeds).log!;
}

/** The probability that a unit comes after the prompt: its pieces, and then any that begins another unit. */
function expected(gap: string, surface: string): number {
  const { tokenizer } = ladder;
  const before = [BOS_PIECE, ...tokenizer.encode(PROMPT)];
  const own = tokenizer.encodeUnit(gap, surface);
  const width = ladder.config.subword.vocabularySize;
  const log = fullPass([...before, ...own]);
  const nats = own.reduce((sum, piece, k) => sum + log[(before.length - 1 + k) * width + piece]!, 0);
  const text = PROMPT + gap + surface;
  const after = log.subarray((before.length + own.length - 1) * width);
  let end = 0;
  for (let piece = 0; piece < tokenizer.vocabularySize; piece++) {
    const cuts = segmentUnits(text + textFromBytes(tokenizer.pieceBytes(piece))).map((unit) => unit.end);
    if (piece === BOS_PIECE || cuts.includes(text.length)) end += Math.exp(after[piece]!);
  }
  return Math.exp(nats) * end;
}

async function ranks(candidates: readonly { gap: string; surface: string }[]): Promise<number[]> {
  const climb = new CachedClimb(ladder, sessions.climb);
  sessions.climb.base.reset();
  await climb.read(GeneratedUnits.ofPrompt(ladder, PROMPT));
  return await new BaseReader(ladder, sessions).rank(climb, candidates);
}

describe('the rank of a word', () => {
  it('is the probability that it is the next unit, short or long, whatever ends it', async () => {
    const words = ['w', 'walk', 'walked', 'a', 'Mr', 'Mr.', '3', 'n', 'zwibblyquuxzwib', 'zwibblyquuxzwab'];
    const bare = [',', '.', '..', "'s", "n't", '—'];
    const candidates = [
      ...words.map((surface) => ({ gap: ' ', surface })),
      ...bare.map((surface) => ({ gap: '', surface })),
      { gap: '\n', surface: 'And' },
    ];
    const found = await ranks(candidates);
    for (const [i, { gap, surface }] of candidates.entries()) {
      const wanted = expected(gap, surface);
      expect(Math.log(found[i]!), surface).toBeCloseTo(Math.log(wanted), 3);
    }
  });

  it('of all beginnings of one word together is no more than that of their first piece', async () => {
    const letters = [...'abcdefghijklmnopqrstuvwxyz'];
    const [first] = ladder.tokenizer.encodeUnit(' ', 'w');
    const candidates = ['w', ...letters.map((letter) => `w${letter}`)]
      .map((surface) => ({ gap: ' ', surface }))
      .filter(({ gap, surface }) => ladder.tokenizer.encodeUnit(gap, surface)[0] === first);
    const sum = (await ranks(candidates)).reduce((total, rank) => total + rank, 0);
    const before = [BOS_PIECE, ...ladder.tokenizer.encode(PROMPT)];
    const log = fullPass(before)[(before.length - 1) * ladder.config.subword.vocabularySize + first!]!;
    expect(sum).toBeLessThanOrEqual(Math.exp(log) * 1.0001);
  });
});

describe('the draw among words', () => {
  it('is narrowed by top-p once: the least of it is the likeliest choice, as at temperature 0', async () => {
    const generator = await Generator.create(ladder);
    const options = { from: 'word', maximumUnits: 25 } as const;
    for (const prompt of [PROMPT, 'Little Joe', '"Come down," said']) {
      const likeliest = await generator.generate({ ...options, prompt, temperature: 0, topP: 1 });
      const narrow = await generator.generate({ ...options, prompt, temperature: 1, topP: 0.001 });
      expect(narrow.text).toBe(likeliest.text);
    }
    await generator.dispose();
  });

  it('offers the same words whatever top-p is', async () => {
    const generator = await Generator.create(ladder);
    const offered = async (topP: number): Promise<unknown> => {
      const { trace } = await generator.generate({
        prompt: PROMPT,
        from: 'word',
        temperature: 0,
        topP,
        maximumUnits: 1,
      });
      const pick = trace[0]!.choices.find(({ factor }) => factor === 'pick')!;
      return [pick.chosen, pick.probability, pick.runnersUp];
    };
    expect(await offered(0.05)).toEqual(await offered(1));
    await generator.dispose();
  });
});
