// The graph of a model: every value has one name and one source, is computed before it is used, and comes from an op
// of a domain that is known; subgraphs see what lies outside them, and are nested only so deep.
// From: the ONNX IR specification, "Graphs" (names, single static assignment, topological order, outer scopes).
import { elementTypeOf } from './onnx-element-types.js';
import { quoted, type Refuse } from './onnx-error.js';
import { checkDims, checkTensor } from './onnx-tensor-check.js';
import type { ReadAttribute, ReadGraph, ReadNode, ReadTensor, ReadValueInfo } from './onnxSchema.js';

/** An input or output of a model; a dimension that is not fixed is a name, or '?' without one; `shape` null is any rank. */
export interface OnnxValue {
  readonly name: string;
  /** As onnxruntime names it: float32, int64, bool, ... */
  readonly elementType: string;
  readonly shape: readonly (number | string)[] | null;
}

/** How often a kind of node occurs, subgraphs included. */
export interface OnnxOpCount {
  /** '' for the ops of ONNX itself. */
  readonly domain: string;
  readonly opType: string;
  readonly count: number;
}

/** What a walk over a graph counts. */
export interface GraphCounts {
  readonly ops: Map<string, { readonly domain: string; readonly opType: string; count: number }>;
  nodes: number;
  tensors: number;
  /** Elements of stored tensors that are floating-point numbers. */
  parameters: number;
  tensorBytes: number;
}

/** What a graph may hold. */
export interface GraphRules {
  readonly maximumSubgraphDepth: number;
  /** Domains that the model declares. */
  readonly domains: ReadonlySet<string>;
  readonly refuse: Refuse;
}

/** Domains whose ops are known; ai.onnx is another name of ''. */
const KNOWN_DOMAINS: ReadonlySet<string> = new Set(['', 'com.microsoft']);

/** Ops that make the runtime open other files. */
const FILE_OPS: ReadonlySet<string> = new Set(['EPContext']);

/** AttributeProto.AttributeType: the kinds that are accepted, with the member that holds them. */
const ATTRIBUTE_MEMBERS: ReadonlyMap<number, string> = new Map([
  [1, 'f'],
  [2, 'i'],
  [3, 's'],
  [4, 't'],
  [5, 'g'],
  [6, 'floats'],
  [7, 'ints'],
  [8, 'strings'],
  [9, 'tensors'],
  [10, 'graphs'],
  [13, 'tp'],
  [14, 'typeProtos'],
]);
const MEMBERS = [...ATTRIBUTE_MEMBERS.values(), 'sparseTensor', 'sparseTensors'];

/** True for a member that the file gives; lists are always there, and empty if it does not. */
export function isSet(attribute: ReadAttribute, member: string): boolean {
  if (!Object.hasOwn(attribute, member)) return false;
  const value = attribute[member as keyof ReadAttribute];
  return !Array.isArray(value) || value.length > 0;
}

/** The domain as it is looked up. */
export const plainDomain = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

/** An input or output of the model itself; calls `refuse` for anything but a tensor. */
export function checkValue({ name, type }: ReadValueInfo, role: string, refuse: Refuse): OnnxValue {
  const what = `${role} ${quoted(name)}`;
  const tensor = type?.tensorType;
  if (tensor === undefined || tensor === null) return refuse(`${what} is no tensor`, 'tensors');
  const elementType = elementTypeOf(tensor.elemType)?.name;
  if (elementType === undefined)
    return refuse(`${what} has element type ${tensor.elemType}`, 'types 1 to 23 of TensorProto.DataType');
  if (tensor.shape === undefined || tensor.shape === null) return { name, elementType, shape: null };
  const { dim } = tensor.shape;
  // A dimension that is not set reads as 0, and so it must be asked whether it is there.
  const fixed = dim.map((one) => Object.hasOwn(one, 'dimValue'));
  const lengths = checkDims(
    dim.map(({ dimValue }, at) => (fixed[at] === true ? dimValue! : 0)),
    what,
    refuse,
  );
  const shape = dim.map(({ dimParam }, at) => (fixed[at] === true ? lengths[at]! : dimParam || '?'));
  return { name, elementType, shape };
}

/** Walks over a graph and its subgraphs, checks them, and adds to `counts`. */
class GraphWalk {
  /** Names that may be used where the walk is. */
  readonly #visible = new Set<string>();

  constructor(
    private readonly rules: GraphRules,
    private readonly counts: GraphCounts,
  ) {}

  graph(graph: ReadGraph, depth: number): void {
    const { refuse } = this.rules;
    if (depth > this.rules.maximumSubgraphDepth)
      refuse(`graphs nested deeper than ${this.rules.maximumSubgraphDepth}`, 'a model with less nesting');
    if (graph.sparseInitializer.length > 0) refuse('it has sparse initializers', 'dense tensors');
    const own: string[] = [];
    const define = (name: string, role: string): void => {
      if (name === '') refuse(`${role} has no name`, 'names that are not empty');
      if (this.#visible.has(name)) refuse(`${role} ${quoted(name)}: the name is taken`, 'a name of its own');
      this.#visible.add(name);
      own.push(name);
    };
    for (const { name } of graph.input) define(name, 'input');
    const inputs = new Set(own);
    const stored = new Set<string>();
    for (const tensor of graph.initializer) {
      this.tensor(tensor, 'initializer');
      if (stored.has(tensor.name)) refuse(`initializer ${quoted(tensor.name)}: the name is taken`);
      stored.add(tensor.name);
      // An initializer of an input's name is that input's default.
      if (!inputs.has(tensor.name)) define(tensor.name, 'initializer');
    }
    for (const node of graph.node) this.node(node, graph, define, depth);
    const outputs = new Set<string>();
    for (const { name } of graph.output) {
      if (!this.#visible.has(name)) refuse(`output ${quoted(name)} is not computed`, 'names of values');
      if (outputs.has(name)) refuse(`output ${quoted(name)} is listed twice`);
      outputs.add(name);
    }
    for (const name of own) this.#visible.delete(name);
  }

  private node(node: ReadNode, graph: ReadGraph, define: (name: string, role: string) => void, depth: number): void {
    const { refuse, domains } = this.rules;
    const domain = plainDomain(node.domain);
    const what = `node ${quoted(node.name)} (${node.opType.slice(0, 80)})`;
    if (node.opType === '') refuse(`node ${quoted(node.name)} has no op_type`);
    if (!KNOWN_DOMAINS.has(domain)) refuse(`${what} is of domain ${quoted(domain)}`, "'', ai.onnx and com.microsoft");
    if (!domains.has(domain)) refuse(`${what} is of domain ${quoted(domain)}`, 'domains that opset_import names');
    if (node.overload !== '') refuse(`${what} calls a function`, 'ops, with functions inlined');
    if (FILE_OPS.has(node.opType)) refuse(`${what} opens another file`, 'ops that compute');
    for (const name of node.input) {
      if (name === '' || this.#visible.has(name)) continue;
      const later = graph.node.some(({ output }) => output.includes(name));
      refuse(
        `${what} uses ${quoted(name)}, which ${later ? 'is only computed afterwards or depends on it' : 'nothing gives'}`,
        'nodes in the order of computation, without cycles',
      );
    }
    const attributes = new Set<string>();
    for (const attribute of node.attribute) {
      if (attributes.has(attribute.name)) refuse(`${what} has attribute ${quoted(attribute.name)} twice`);
      attributes.add(attribute.name);
      this.attribute(attribute, what, depth);
    }
    for (const name of node.output) if (name !== '') define(name, `an output of ${what},`);
    this.counts.nodes++;
    const key = `${domain} ${node.opType}`;
    const known = this.counts.ops.get(key);
    if (known === undefined) this.counts.ops.set(key, { domain, opType: node.opType, count: 1 });
    else known.count++;
  }

  private attribute(attribute: ReadAttribute, node: string, depth: number): void {
    const { refuse } = this.rules;
    const what = `attribute ${quoted(attribute.name)} of ${node}`;
    if (attribute.name === '') refuse(`an attribute of ${node} has no name`);
    if (attribute.refAttrName !== '') refuse(`${what} refers to a function's`, 'values');
    const member = ATTRIBUTE_MEMBERS.get(attribute.type);
    if (member === undefined) refuse(`${what} has type ${attribute.type}`, [...ATTRIBUTE_MEMBERS.keys()].join(', '));
    const other = MEMBERS.find((name) => name !== member && isSet(attribute, name));
    if (other !== undefined)
      refuse(`${what} is said to hold ${member} and holds ${other}`, 'the one that its type names');
    for (const tensor of attribute.t ? [attribute.t] : attribute.tensors) this.tensor(tensor, `the tensor of ${what},`);
    for (const graph of attribute.g ? [attribute.g] : attribute.graphs) this.graph(graph, depth + 1);
  }

  private tensor(tensor: ReadTensor, where: string): void {
    const { elementType, elements, bytes } = checkTensor(tensor, where, this.rules.refuse);
    this.counts.tensors++;
    if (elementType.floating) this.counts.parameters += elements;
    this.counts.tensorBytes += bytes;
  }
}

/** Checks a model's graph with all its subgraphs and returns what it holds. */
export function checkGraph(graph: ReadGraph, rules: GraphRules): GraphCounts {
  const counts: GraphCounts = { ops: new Map(), nodes: 0, tensors: 0, parameters: 0, tensorBytes: 0 };
  new GraphWalk(rules, counts).graph(graph, 0);
  return counts;
}
