// Rows of concepts as a Parquet file, a group of rows at a time, so that memory does not grow with the vocabulary.
// From: the Apache Parquet format; vectors are its three-level LIST of float32.
import { AtomicFile, type WrittenFile } from '@strata/store';
import { ByteWriter, parquetWriteRows } from 'hyparquet-writer';
import type { ConceptRow } from './concept-rows.js';

/** Rows that are encoded at once; of 256 numbers each, 2 MB. */
const GROUP = 2000;

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const;
const whole = { type: 'INT32', repetition_type: 'REQUIRED' } as const;
const real = { type: 'FLOAT', repetition_type: 'REQUIRED' } as const;

type Schema = readonly NonNullable<Parameters<typeof parquetWriteRows>[0]['schema']>[number][];

/** Each column with its schema elements. */
function columnsOf(withPlaces: boolean): readonly (readonly [keyof ConceptRow, Schema])[] {
  const one = (name: keyof ConceptRow, element: Omit<Schema[number], 'name'>) =>
    [name, [{ name, ...element }]] as const;
  return [
    one('id', whole),
    one('lemma', text),
    one('part_of_speech', text),
    one('concept', whole),
    one('concept_name', text),
    one('members', whole),
    one('count', { type: 'INT64', repetition_type: 'REQUIRED' }),
    one('coherence', real),
    one('text', text),
    [
      'vector',
      [
        { name: 'vector', converted_type: 'LIST', repetition_type: 'REQUIRED', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', ...real },
      ],
    ],
    ...(withPlaces ? [one('x', real), one('y', real)] : []),
  ];
}

/**
 * Writes rows as Parquet, atomically; the same rows give the same bytes. `withPlaces` adds the columns x and y. Throws
 * the Store's errors.
 */
export function writeConceptParquet(
  path: string,
  rows: Iterable<ConceptRow>,
  { withPlaces, about }: { withPlaces: boolean; about: string },
): WrittenFile {
  const file = new AtomicFile(path);
  try {
    const columns = columnsOf(withPlaces);
    parquetWriteRows({
      writer: new FileSink(file),
      rows: rows as Iterable<ConceptRow & Record<string, unknown>>,
      columns: columns.map(([name]) => ({ name })),
      schema: [{ name: 'root', num_children: columns.length }, ...columns.flatMap(([, elements]) => elements)],
      rowGroupSize: GROUP,
      createdBy: 'strata',
      kvMetadata: [{ key: 'strata', value: about }],
    });
    return file.commit();
  } finally {
    file.abandon();
  }
}

/** The library's buffer, emptied into the file after each group of rows. */
class FileSink extends ByteWriter {
  constructor(readonly file: AtomicFile) {
    super();
  }

  flush(): void {
    this.file.write(this.getBytes());
    this.index = 0;
  }

  override finish(): void {
    this.flush();
  }
}
