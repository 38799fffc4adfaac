// What can be wrong with an ONNX file of others: reading it and running it fail with one named class each.
// Names out of a file are quoted and cut, so that a hostile one cannot flood a message.

/** What a complaint about a foreign model says. */
export interface OnnxComplaint {
  /** The file, or a name for bytes in memory. */
  readonly path: string;
  readonly found: string;
  readonly accepted?: string;
  readonly next: string;
}

function sentence({ path, found, accepted, next }: OnnxComplaint): string {
  return `${path}: ${found}.${accepted === undefined ? '' : ` Accepted: ${accepted}.`} Next: ${next}.`;
}

/** The bytes are no ONNX model that this reader vouches for. */
export class OnnxError extends Error {
  override readonly name = 'OnnxError';

  constructor(complaint: OnnxComplaint, options?: ErrorOptions) {
    super(sentence(complaint), options);
  }
}

/** A foreign model was refused by onnxruntime, or crashed, hung or outgrew the process that it ran in. */
export class ForeignRunError extends Error {
  override readonly name = 'ForeignRunError';

  constructor(complaint: OnnxComplaint, options?: ErrorOptions) {
    super(sentence(complaint), options);
  }
}

/** Refuses: what was found, and what would have been accepted. */
export type Refuse = (found: string, accepted?: string) => never;

/** A name from a file, in quotes. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
