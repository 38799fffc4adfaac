// What a record needs of a study file: its question and the prediction that was made beforehand.
// From: Strata, EVALUATION (Records).
import { ConfigError } from '@strata/hierarchy';
import { parse } from 'yaml';
import { z } from 'zod';

const said = z.string().trim().min(1);
const predictionSchema = z.looseObject({ name: said.optional(), question: said, prediction: said });

/** A study's question and prediction. */
export type StudyPrediction = Pick<z.infer<typeof predictionSchema>, 'name' | 'question' | 'prediction'>;

/** Reads question and prediction from the text of a study file; `source` names it in errors; throws ConfigError. */
export function readPrediction(text: string, source: string): StudyPrediction {
  let found: unknown;
  try {
    found = parse(text, { maxAliasCount: 10, logLevel: 'error' });
  } catch (error) {
    throw new ConfigError(`${source} is not YAML: ${(error as Error).message}`);
  }
  const result = predictionSchema.safeParse(found);
  if (result.success) return result.data;
  const lines = result.error.issues.map(
    ({ path, message }) => `  ${path.map(String).join('.') || '(top)'}: ${message}`,
  );
  throw new ConfigError(
    `${source} is no study:\n${lines.join('\n')}\nAccepted: YAML with a question and a prediction, each a text that is not empty. ` +
      'Write both, commit the file, and train then.',
  );
}
