/** The part of the WebAssembly JavaScript interface that is used here; Node has it, `@types/node` does not. */
declare namespace WebAssembly {
    class Module {
        static imports(module: Module): { readonly module: string; readonly name: string }[];
        readonly [Symbol.toStringTag]: string;
    }
    class Memory {
        constructor(descriptor: { readonly initial: number });
        readonly buffer: ArrayBuffer;
    }
    interface Instance {
        readonly exports: Readonly<Record<string, unknown>>;
    }
    class LinkError extends Error {}

    function compile(bytes: Uint8Array): Promise<Module>;
    function instantiate(
        module: Module,
        imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
    ): Promise<Instance>;
}
