// Where commands write and how they hear of Ctrl-C: handed in, so that a test runs a command inside its own process.
// From: Strata; results go to standard output, everything said meanwhile to standard error.
import pc from 'picocolors';

/** A place to write to; bytes are written as they are. */
export interface TextStream {
  write(text: string | Uint8Array): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What a command may touch of its process. */
export interface Io {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  /** File descriptor of standard input; 0 unless told. */
  readonly stdin?: number;
  /** Calls `listener` at each Ctrl-C until the function it returns is called; from then on Ctrl-C ends the process. */
  onInterrupt(listener: () => void): () => void;
}

/** The real process. */
export const processIo: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  onInterrupt(listener) {
    process.on('SIGINT', listener);
    return () => {
      process.off('SIGINT', listener);
    };
  },
};

/** Writes one JSON document and a line end: all that a command with --json puts on standard output. */
export function writeJson(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Colours for standard output: none unless it is a terminal that wants them. */
export function colours(io: Io): ReturnType<typeof pc.createColors> {
  return pc.createColors(io.stdout.isTTY === true && pc.isColorSupported);
}

// Control characters and lone surrogates could move the cursor or break the terminal: shown as Unicode control pictures.
const UNSAFE = /(?![\n\t])[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text from a model or a file made safe for a terminal: what is not printable is shown as a picture or as U+XXXX. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

/** The same for a place where a line must not end. */
export function oneLine(text: string): string {
  return printable(text.replaceAll('\n', '\u240a').replaceAll('\t', '\u2409'));
}
