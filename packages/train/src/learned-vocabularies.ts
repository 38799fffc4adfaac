// The vocabularies of a run, learned from a bounded sample of its training text, and kept for a stage that is resumed.
// From: Strata, DESIGN ("Training, in sequence"); of a corpus beyond the limit evenly spread stretches are read.
import { join } from 'node:path';
import { Breather, type ControlName, EncodingStoppedError } from '@strata/hierarchy';
import { sha256 } from '@strata/store';
import { BpeTokenizer, preTokenSteps, trainBpe } from '@strata/subword';
import { bytesOfDocuments, type Documents, sampleTexts } from '@strata/text';
import { LANGUAGES, lexiconSteps, WordVocabulary } from '@strata/word';
import { CheckpointStore } from './checkpoint.js';
import { kept } from './kept.js';
import { createProgress } from './progress.js';
import { InterruptedError, ResumeError } from './stage.js';
import type { StageContext } from './stage-parts.js';

/** Bytes of training text that vocabularies are learned from at most. */
const SAMPLE_BYTES = 256 * 1024 * 1024;
const FILE = 'vocabulary.json';

/** The byte-pair tokenizer of the base or of a control. */
export function learnedPieces(
  context: StageContext,
  stage: 'subword' | ControlName,
  size: number,
): Promise<BpeTokenizer> {
  const { run, corpus, note } = context;
  const folder = join(run.path(stage), 'checkpoints');
  return kept(
    folder,
    FILE,
    sha256(JSON.stringify(['pieces', corpus.hash, size, SAMPLE_BYTES])),
    (json, path) => BpeTokenizer.fromJSON(json, path),
    async () => {
      note(`${stage}: learning a byte-pair vocabulary of ${size}`);
      const counts = new Map<string, number>();
      await reading(context, stage, async (breather) => {
        let characters = 0;
        for (const text of sampled(corpus.train))
          for (const read of preTokenSteps(text, counts)) await breather.breathe((characters += read));
      });
      const { tokenizer, exhausted } = trainBpe(counts, size);
      if (exhausted) note(`${stage}: the corpus has pairs for ${tokenizer.vocabularySize} pieces only`);
      return tokenizer;
    },
    // Said before hours are spent on encoding what could not be gone on with.
    () => {
      if (new CheckpointStore(folder).steps().length === 0) return;
      throw new ResumeError(
        `${folder} holds a training of ${stage} on another corpus than ${corpus.name} is now. ` +
          `Bring its files back, or delete ${folder} to train ${stage} anew`,
      );
    },
  );
}

/** The vocabulary of the word level. */
export function learnedWords(context: StageContext): Promise<WordVocabulary> {
  const { run, corpus, note } = context;
  const { vocabularySize: size, language } = run.config.word;
  return kept(
    join(run.path('word'), 'checkpoints'),
    FILE,
    sha256(JSON.stringify(['words', language, corpus.hash, size, SAMPLE_BYTES])),
    (json) => WordVocabulary.fromJSON(json),
    async () => {
      note('word: reading lemmas and features from the corpus');
      return await reading(context, 'word', async (breather) => {
        const steps = lexiconSteps(sampled(corpus.train), LANGUAGES[language]);
        for (;;) {
          const step = steps.next();
          if (step.done) return WordVocabulary.fromLexicon(step.value, { size });
          await breather.breathe(step.value.characters);
        }
      });
    },
  );
}

function sampled(documents: Documents): Iterable<Iterable<string>> {
  return sampleTexts(documents, SAMPLE_BYTES);
}

/** Reads with a progress bar; throws InterruptedError when asked to stop. */
async function reading<T>(context: StageContext, stage: string, read: (breather: Breather) => Promise<T>): Promise<T> {
  const total = Math.min(SAMPLE_BYTES, bytesOfDocuments(context.corpus.train));
  const progress = (context.progress ?? createProgress)(`read for ${stage}`, total, 'bytes');
  try {
    return await read(
      new Breather({ onProgress: (bytes) => progress.update(Math.min(bytes, total)), signal: context.signal }),
    );
  } catch (error) {
    if (!(error instanceof EncodingStoppedError)) throw error;
    throw new InterruptedError(`stopped while the vocabulary of ${stage} was learned; go on with --resume`);
  } finally {
    progress.finish();
  }
}
