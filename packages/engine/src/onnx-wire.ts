// A walk over a model's bytes before anything is decoded: every tag, length and depth is checked and every part counted,
// so that decoding afterwards can neither overflow the stack nor build more objects than the limits allow.
// From: the protobuf encoding (protobuf.dev, "Encoding"), strictly: no groups, no unknown or repeated single fields.
import { isUtf8 } from 'node:buffer';
import protobuf from 'protobufjs';
import type { Refuse } from './onnx-error.js';
import { modelType } from './onnxSchema.js';

/** What a field may look like on the wire. */
interface FieldRule {
  readonly name: string;
  readonly id: number;
  readonly repeated: boolean;
  readonly text: boolean;
  /** Wire type of one value: 0 varint, 1 eight bytes, 2 a length and as many bytes, 5 four bytes. */
  readonly wire: number;
  readonly packable: boolean;
  readonly message?: MessageRule;
}

interface MessageRule {
  readonly name: string;
  /** By field number. */
  readonly fields: readonly (FieldRule | undefined)[];
}

const LENGTH_DELIMITED = 2;

const rules = new Map<protobuf.Type, MessageRule>();

function ruleOf(type: protobuf.Type): MessageRule {
  const known = rules.get(type);
  if (known !== undefined) return known;
  const fields: (FieldRule | undefined)[] = [];
  const rule = { name: type.name, fields };
  rules.set(type, rule);
  for (const field of type.fieldsArray) {
    const message = field.resolvedType instanceof protobuf.Type ? ruleOf(field.resolvedType) : undefined;
    const wire = (protobuf.types.basic as Readonly<Record<string, number>>)[field.type] ?? LENGTH_DELIMITED;
    const packable = field.repeated && wire !== LENGTH_DELIMITED;
    const { id, name, repeated } = field;
    fields[id] = { name, id, repeated, wire, packable, text: field.type === 'string', ...(message && { message }) };
  }
  return rule;
}

/** Limits of a walk. */
export interface WireLimits {
  /** Most messages, strings and numbers of a file that become objects in memory. */
  readonly maximumParts: number;
  /** Deepest nesting of messages in messages. */
  readonly maximumDepth: number;
}

class WireWalk {
  #at = 0;
  /** Messages, strings, byte arrays and repeated numbers met so far. */
  parts = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly limits: WireLimits,
    private readonly refuse: Refuse,
  ) {}

  message(rule: MessageRule, end: number, depth: number): void {
    if (depth > this.limits.maximumDepth)
      this.fail(`messages nested deeper than ${this.limits.maximumDepth}`, rule, 'a model with less nesting');
    let seen = 0;
    while (this.#at < end) {
      const start = this.#at;
      const tag = this.varint(end, rule);
      const field = rule.fields[Math.floor(tag / 8)];
      const wire = tag % 8;
      if (field === undefined) {
        this.#at = start;
        this.fail(`an unknown field ${Math.floor(tag / 8)}`, rule, 'the fields of ONNX IR version 10');
      }
      if (!field!.repeated) {
        if ((seen & (1 << field!.id)) !== 0) this.fail(`${field!.name} a second time`, rule, 'it once');
        seen |= 1 << field!.id;
      }
      this.field(rule, field!, wire, end, depth);
    }
  }

  private field(rule: MessageRule, field: FieldRule, wire: number, end: number, depth: number): void {
    if (wire === field.wire && wire !== LENGTH_DELIMITED) {
      if (field.repeated) this.count(1, rule);
      this.skip(wire, end, rule);
      return;
    }
    if (wire !== LENGTH_DELIMITED || (field.wire !== LENGTH_DELIMITED && !field.packable))
      this.fail(`${field.name} with wire type ${wire}`, rule, `wire type ${field.wire}`);
    const length = this.varint(end, rule);
    const start = this.#at;
    if (length > end - start) this.fail(`${field.name} of ${length} bytes where ${end - start} are left`, rule);
    const stop = start + length;
    if (field.packable) {
      while (this.#at < stop) {
        this.count(1, rule);
        this.skip(field.wire, stop, rule);
      }
      return;
    }
    this.count(1, rule);
    if (field.message !== undefined) this.message(field.message, stop, depth + 1);
    else if (field.text && !isUtf8(this.bytes.subarray(start, stop)))
      this.fail(`${field.name} that is not UTF-8`, rule, 'text in UTF-8');
    this.#at = stop;
  }

  private count(parts: number, rule: MessageRule): void {
    this.parts += parts;
    if (this.parts > this.limits.maximumParts)
      this.fail(`more than ${this.limits.maximumParts} parts`, rule, 'models of fewer nodes and names');
  }

  /** A tag or a length: at most 32 bits are accepted, whatever their number of bytes. */
  private varint(end: number, rule: MessageRule): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (this.#at >= end) this.fail('a number that goes on beyond its message', rule);
      const byte = this.bytes[this.#at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) break;
      if (scale >= 2 ** 28) this.fail('a tag or length of more than five bytes', rule);
    }
    if (value >= 2 ** 32) this.fail('a tag or length of more than 32 bits', rule);
    return value;
  }

  private skip(wire: number, end: number, rule: MessageRule): void {
    if (wire === 0) {
      for (let length = 1; ; length++) {
        if (this.#at >= end) this.fail('a number that goes on beyond its message', rule);
        if (this.bytes[this.#at++]! < 128) return;
        if (length === 10) this.fail('a number of more than ten bytes', rule);
      }
    }
    this.#at += wire === 1 ? 8 : 4;
    if (this.#at > end) this.fail('a number that goes on beyond its message', rule);
  }

  private fail(found: string, rule: MessageRule, accepted?: string): never {
    return this.refuse(`byte ${this.#at}, in ${rule.name}: ${found}`, accepted);
  }
}

/** Walks over the bytes of a model and returns how many parts they have; calls `refuse` for whatever is not well-formed. */
export function checkWire(bytes: Uint8Array, limits: WireLimits, refuse: Refuse): number {
  const walk = new WireWalk(bytes, limits, refuse);
  walk.message(ruleOf(modelType), bytes.length, 0);
  return walk.parts;
}
