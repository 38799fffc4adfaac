// ONNX files of others, hostile until checked: size, wire format, tensors, names and order, before anything believes them.
// What is left out on purpose: data in other files, functions, training graphs, sparse tensors, domains nobody here knows.
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { OnnxError, quoted, type Refuse } from './onnx-error.js';
import { checkGraph, checkValue, type OnnxOpCount, type OnnxValue, plainDomain } from './onnx-graph-check.js';
import { checkWire } from './onnx-wire.js';
import { bigintOf, decodeMessage, type ReadGraph, type ReadModel } from './onnxSchema.js';

/** How much of a file is accepted. */
export interface OnnxLimits {
  /** Largest file in bytes; protobuf itself ends at 2^31 - 1. */
  readonly maximumBytes: number;
  /** Most messages, strings and numbers that become objects in memory; data of tensors does not count. */
  readonly maximumParts: number;
  /** Deepest nesting of messages. */
  readonly maximumDepth: number;
  /** Deepest nesting of graphs in attributes of nodes (If, Loop, Scan). */
  readonly maximumSubgraphDepth: number;
}

/** The limits that hold unless others are given. */
export const ONNX_LIMITS: OnnxLimits = {
  maximumBytes: 2 ** 31 - 1,
  maximumParts: 1_000_000,
  maximumDepth: 32,
  maximumSubgraphDepth: 4,
};

/** What a model that was checked says of itself. */
export interface OnnxSummary {
  /** Length of the file in bytes. */
  readonly bytes: number;
  readonly irVersion: number;
  readonly producer: { readonly name: string; readonly version: string };
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly graph: string;
  readonly doc: string;
  /** What has to be fed. */
  readonly inputs: readonly OnnxValue[];
  /** Inputs that have a default inside. */
  readonly optionalInputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: number;
  /** The most frequent first. */
  readonly ops: readonly OnnxOpCount[];
  /** Stored tensors, constants included. */
  readonly tensors: number;
  /** Floating-point numbers in stored tensors. */
  readonly parameters: number;
  readonly tensorBytes: number;
  /** What the producer noted (metadata_props), in the order of the file. */
  readonly metadata: readonly { readonly key: string; readonly value: string }[];
  /** Messages, strings and numbers of the file: what `maximumParts` limits. */
  readonly parts: number;
}

/** A file that was read once, so that what was checked is what is used. */
export interface OnnxFile {
  readonly bytes: Uint8Array;
  readonly summary: OnnxSummary;
}

/** Versions of the format and of its operators that onnxruntime 1.30 reads, from the first with today's semantics. */
const IR_VERSIONS = { least: 3, most: 13 };
const OPSETS: Readonly<Record<string, { least: number; most: number }>> = {
  '': { least: 7, most: 26 },
  'com.microsoft': { least: 1, most: 1 },
};

const NEXT = 'export the model again, or do not trust the file';

function refusing(path: string): Refuse {
  return (found, accepted) => {
    throw new OnnxError({ path, found, next: NEXT, ...(accepted === undefined ? {} : { accepted }) });
  };
}

/** All bytes of a regular file; a pipe would hang and a device has no end, so these are not opened. */
function readBytes(path: string, maximumBytes: number): Uint8Array {
  const refuse: Refuse = (found, accepted) => {
    throw new OnnxError({ path, found, next: 'check the path', ...(accepted === undefined ? {} : { accepted }) });
  };
  let descriptor: number | undefined;
  try {
    if (!statSync(path).isFile()) refuse('it is not a regular file', 'a file');
    descriptor = openSync(path, 'r');
    const status = fstatSync(descriptor);
    if (!status.isFile()) refuse('it is not a regular file', 'a file');
    if (status.size > maximumBytes) refuse(`it is ${status.size} bytes long`, `at most ${maximumBytes} bytes`);
    const bytes = new Uint8Array(status.size);
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(descriptor, bytes, done, Math.min(bytes.length - done, 2 ** 30), done);
      if (count === 0) refuse('it became shorter while it was read');
      done += count;
    }
    return bytes;
  } catch (error) {
    if (error instanceof OnnxError) throw error;
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const found = code === 'ENOENT' || code === 'ENOTDIR' ? 'there is no such file' : `reading failed (${code})`;
    throw new OnnxError({ path, found, next: 'check the path and its permissions' }, { cause: error });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function decode(bytes: Uint8Array, refuse: Refuse): ReadModel {
  try {
    return decodeMessage(bytes);
  } catch (error) {
    // The walk over the wire format refuses whatever a decoder would; this is for what it might have missed.
    return refuse(`it cannot be decoded (${error instanceof Error ? error.message : String(error)})`);
  }
}

function checkOpsets(model: ReadModel, refuse: Refuse): { domain: string; version: number }[] {
  const opsets = model.opsetImport.map(({ domain, version }) => ({
    domain: plainDomain(domain),
    version: Number(bigintOf(version)),
  }));
  const domains = new Set<string>();
  for (const { domain, version } of opsets) {
    if (domains.has(domain)) refuse(`opset_import names domain ${quoted(domain)} twice`, 'each domain once');
    domains.add(domain);
    const bounds = Object.hasOwn(OPSETS, domain) ? OPSETS[domain] : undefined;
    if (bounds !== undefined && !(version >= bounds.least && version <= bounds.most))
      refuse(`opset ${version} of domain ${quoted(domain)}`, `${bounds.least} to ${bounds.most}`);
  }
  return opsets;
}

function checkModel(model: ReadModel, limits: OnnxLimits, refuse: Refuse): Omit<OnnxSummary, 'bytes' | 'parts'> {
  const irVersion = Number(bigintOf(model.irVersion));
  const { least, most } = IR_VERSIONS;
  if (!(irVersion >= least && irVersion <= most)) refuse(`IR version ${irVersion}`, `${least} to ${most}`);
  if (model.functions.length > 0) refuse('it defines functions', 'models whose functions were inlined');
  if (model.trainingInfo.length > 0) refuse('it holds a training graph', 'models for inference');
  if (model.graph === undefined || model.graph === null) return refuse('it has no graph', 'an ONNX model');
  const graph: ReadGraph = model.graph;
  const opsets = checkOpsets(model, refuse);
  const counts = checkGraph(graph, {
    maximumSubgraphDepth: limits.maximumSubgraphDepth,
    domains: new Set(opsets.map(({ domain }) => domain)),
    refuse,
  });
  if (graph.output.length === 0) refuse('it has no outputs', 'at least one');
  const stored = new Set(graph.initializer.map(({ name }) => name));
  const values = graph.input.map((value) => checkValue(value, 'input', refuse));
  return {
    irVersion,
    producer: { name: model.producerName, version: model.producerVersion },
    opsets,
    graph: graph.name,
    doc: model.docString || graph.docString,
    inputs: values.filter(({ name }) => !stored.has(name)),
    optionalInputs: values.filter(({ name }) => stored.has(name)),
    outputs: graph.output.map((value) => checkValue(value, 'output', refuse)),
    nodes: counts.nodes,
    ops: [...counts.ops.values()].sort((a, b) => b.count - a.count || (a.opType < b.opType ? -1 : 1)),
    tensors: counts.tensors,
    parameters: counts.parameters,
    tensorBytes: counts.tensorBytes,
    metadata: model.metadataProps.map(({ key, value }) => ({ key, value })),
  };
}

/** The flatbuffer format of onnxruntime is told by these letters, whatever the bytes before them. */
const OTHER_FORMAT = 'ORTM';

/** Reads and checks a file or bytes and keeps both; throws OnnxError. */
export function openOnnx(source: string | Uint8Array, limits: Partial<OnnxLimits> = {}): OnnxFile {
  const all = { ...ONNX_LIMITS, ...limits };
  const path = typeof source === 'string' ? source : '(ONNX in memory)';
  const refuse = refusing(path);
  const bytes = typeof source === 'string' ? readBytes(source, all.maximumBytes) : source;
  if (bytes.length > all.maximumBytes) refuse(`it is ${bytes.length} bytes long`, `at most ${all.maximumBytes} bytes`);
  if (bytes.length === 0) refuse('it is empty', 'an ONNX model');
  if (new TextDecoder('latin1').decode(bytes.subarray(4, 8)) === OTHER_FORMAT)
    refuse("it is, or would be taken for, onnxruntime's own format", 'ONNX');
  const parts = checkWire(bytes, all, refuse);
  return { bytes, summary: { bytes: bytes.length, ...checkModel(decode(bytes, refuse), all, refuse), parts } };
}

/**
 * What an ONNX file holds (inputs, outputs, ops, parameters, versions, metadata), after every length, name and order
 * in it was checked; nothing is run. `source` is a path or the bytes. Throws OnnxError, which names what and where.
 */
export function readOnnx(source: string | Uint8Array, limits: Partial<OnnxLimits> = {}): OnnxSummary {
  return openOnnx(source, limits).summary;
}
