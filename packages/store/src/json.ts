// Strict JSON: what JSON.parse lets pass (repeated keys, `__proto__`, numbers that overflow, endless depth) is an error here.
// From: RFC 8259; I-JSON (RFC 7493) for unique keys.

/** What JSON can say. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** Arrays and objects may be nested this deep, so that a hostile text cannot exhaust the stack. */
export const JSON_MAXIMUM_DEPTH = 64;

/** The text is not strict JSON; `line` and `column` count from 1, `column` in UTF-16 units. */
export class JsonSyntaxError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(text: string, offset: number, found: string) {
    const before = text.slice(0, offset);
    const line = before.split('\n').length;
    const column = offset - before.lastIndexOf('\n');
    super(`line ${line}, column ${column}: ${found}`);
    this.name = 'JsonSyntaxError';
    this.line = line;
    this.column = column;
  }
}

/** A value cannot be written as JSON and read back the same. */
export class JsonValueError extends Error {
  constructor(where: string, found: string) {
    super(
      `${where}: ${found} cannot be kept in JSON. Next: store null, a boolean, a finite number, a string, an array or an object of these.`,
    );
    this.name = 'JsonValueError';
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const HEXADECIMAL = /^[0-9a-fA-F]{4}$/;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): JsonValue {
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) this.fail(`${this.here()} after the end of the value`);
    return value;
  }

  private value(depth: number): JsonValue {
    if (depth > JSON_MAXIMUM_DEPTH) this.fail(`nested deeper than ${JSON_MAXIMUM_DEPTH}`);
    this.space();
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth);
      case '[':
        return this.array(depth);
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private object(depth: number): JsonObject {
    const object: Record<string, JsonValue> = {};
    this.at++;
    this.space();
    if (this.taken('}')) return object;
    for (;;) {
      this.space();
      const start = this.at;
      if (this.text[start] !== '"') this.fail(`${this.here()} where a key in double quotes should be`);
      const key = this.string();
      if (key === '__proto__') this.fail('the key "__proto__", which is not allowed', start);
      if (Object.hasOwn(object, key)) this.fail(`the key ${JSON.stringify(key.slice(0, 80))} a second time`, start);
      this.space();
      if (!this.taken(':')) this.fail(`${this.here()} where ":" should be`);
      object[key] = this.value(depth + 1);
      this.space();
      if (this.taken('}')) return object;
      if (!this.taken(',')) this.fail(`${this.here()} where "," or "}" should be`);
    }
  }

  private array(depth: number): JsonValue[] {
    const array: JsonValue[] = [];
    this.at++;
    this.space();
    if (this.taken(']')) return array;
    for (;;) {
      array.push(this.value(depth + 1));
      this.space();
      if (this.taken(']')) return array;
      if (!this.taken(',')) this.fail(`${this.here()} where "," or "]" should be`);
    }
  }

  private string(): string {
    const { text } = this;
    const opening = this.at++;
    let value = '';
    let plain = this.at;
    for (;;) {
      const code = text.charCodeAt(this.at);
      // NaN, past the end, fails every comparison and must be asked for first.
      if (Number.isNaN(code)) this.fail('a string without its closing quote', opening);
      if (code === 0x22) {
        value += text.slice(plain, this.at++);
        return value;
      }
      if (code < 0x20) this.fail(`${this.here()} inside a string, which must be escaped`);
      if (code === 0x5c) {
        value += text.slice(plain, this.at) + this.escape();
        plain = this.at;
      } else this.at++;
    }
  }

  private escape(): string {
    const letter = this.text[this.at + 1] ?? '';
    if (letter === 'u') {
      const digits = this.text.slice(this.at + 2, this.at + 6);
      if (!HEXADECIMAL.test(digits)) this.fail('an escape \\u without four hexadecimal digits');
      this.at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const character = ESCAPES.get(letter);
    if (character === undefined) return this.fail('an unknown escape');
    this.at += 2;
    return character;
  }

  private number(): number {
    NUMBER.lastIndex = this.at;
    const literal = NUMBER.exec(this.text)?.[0];
    if (literal === undefined) return this.fail(`${this.here()} where a value should be`);
    const value = Number(literal);
    if (!Number.isFinite(value)) this.fail('a number too large for float64');
    this.at += literal.length;
    return value;
  }

  private word<T extends JsonValue>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.fail(`${this.here()} where a value should be`);
    this.at += word.length;
    return value;
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  private taken(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private here(): string {
    const code = this.text.codePointAt(this.at);
    if (code === undefined) return 'the end of the text';
    if (code < 0x20 || code > 0x7e) return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    return JSON.stringify(String.fromCodePoint(code));
  }

  private fail(found: string, at = this.at): never {
    throw new JsonSyntaxError(this.text, at, found);
  }
}

/** The value of a strict JSON text; throws JsonSyntaxError with line and column. */
export function parseJson(text: string): JsonValue {
  return new Scanner(text).document();
}

function check(value: unknown, where: string, depth: number): void {
  if (depth > JSON_MAXIMUM_DEPTH) throw new JsonValueError(where, `nesting deeper than ${JSON_MAXIMUM_DEPTH}`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new JsonValueError(where, String(value));
    return;
  }
  if (typeof value !== 'object') throw new JsonValueError(where, typeof value);
  if (Array.isArray(value)) {
    // By index, so that a hole is seen as the undefined that it would silently turn into null.
    for (let i = 0; i < value.length; i++) check(value[i], `${where}[${i}]`, depth + 1);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    throw new JsonValueError(where, `an instance of ${value.constructor.name}`);
  }
  for (const [key, member] of Object.entries(value)) {
    if (key === '__proto__') throw new JsonValueError(where, 'the key "__proto__"');
    if (member !== undefined) check(member, `${where}.${key}`, depth + 1);
  }
}

/**
 * JSON text that parses back to the same value, with keys in their own order and members that are undefined left out;
 * throws JsonValueError naming the place of anything JSON would change in silence (NaN, undefined in arrays, class instances).
 */
export function stringifyJson(value: unknown, indent = 0): string {
  check(value, '$', 0);
  return JSON.stringify(value, null, indent);
}
