import type { ForceRequest } from "../network/layouts.ts";
/** Lays nodes out by force; the same request gives the same places, since d3-force draws from a generator of its own. */
export declare function forceLayout({ nodes, links }: ForceRequest): Float32Array;
