// What is used of Node's WebAssembly interface: TypeScript ships these types only together with the browser's.
declare global {
  namespace WebAssembly {
    class Memory {
      constructor(size: { initial: number; maximum?: number });
      readonly buffer: ArrayBuffer;
    }
    class Module {
      constructor(bytes: Uint8Array);
    }
    class Instance {
      constructor(module: Module, imports: Record<string, Record<string, unknown>>);
      readonly exports: Record<string, unknown>;
    }
  }
}

export {};
