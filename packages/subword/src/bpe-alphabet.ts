// A printable character for each of the 256 bytes, so that merges can be read, diffed and exported.
// The mapping is GPT-2's (Radford et al. 2019): printable Latin-1 stands for itself, the rest for U+0100 and up.

function isPrintable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

const characterOfByte: string[] = [];
const byteOfCharacter = new Map<string, number>();
let shifted = 0;
for (let byte = 0; byte < 256; byte++) {
  const character = String.fromCharCode(isPrintable(byte) ? byte : 0x100 + shifted++);
  characterOfByte.push(character);
  byteOfCharacter.set(character, byte);
}

/** Writes bytes as printable characters, one a byte: a space becomes "Ġ". */
export function printableFromBytes(bytes: Uint8Array): string {
  let printable = '';
  for (const byte of bytes) printable += characterOfByte[byte]!;
  return printable;
}

/** Reads what `printableFromBytes` wrote; undefined where a character stands for no byte. */
export function bytesFromPrintable(printable: string): Uint8Array | undefined {
  const bytes = new Uint8Array(printable.length);
  for (let index = 0; index < printable.length; index++) {
    const byte = byteOfCharacter.get(printable.charAt(index));
    if (byte === undefined) return undefined;
    bytes[index] = byte;
  }
  return bytes;
}
