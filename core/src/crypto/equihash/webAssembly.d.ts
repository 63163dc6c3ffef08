// The few members of WebAssembly that the core uses: it has no host's types, and every host has these.

declare namespace WebAssembly {
  function validate(bytes: Uint8Array): boolean;

  class Module {
    constructor(bytes: Uint8Array);
  }

  class Instance {
    readonly exports: unknown;
    constructor(module: Module, imports?: { readonly env: { readonly memory: unknown } });
  }

  class Memory {
    readonly buffer: ArrayBufferLike;
    constructor(limits: { readonly initial: number; readonly maximum: number; readonly shared: boolean });
    grow(pages: number): number;
  }
}
