import type { ChainView } from "../chain/chainView.ts";
import type { Mempool } from "../mempool/mempool.ts";
import type { Block } from "../primitives/block.ts";

/** What a producer of blocks looks at. */
export interface ProducerView {
  readonly chain: ChainView;
  readonly mempool: Mempool;
  /** Unix seconds, by the node's own clock. */
  readonly seconds: number;
  /** Unix seconds, by the node's clock and its peers'. */
  readonly adjustedTime: number;
  /** Whether the node thinks that it is far behind. */
  readonly catchingUp: boolean;
  /** Those it is connected with. */
  readonly peers: { readonly all: readonly unknown[] };
}

/**
 * Makes blocks for a node: by proof of work that somebody else has done or models, or when its FluxNodes are due. It is asked
 * again after each change of the tip, and when the time that it named has come.
 */
export interface Producer {
  /** A block on the tip, or when to ask again: Unix seconds, undefined for not before the tip changes. */
  produce(view: ProducerView): { readonly block: Block } | { readonly askAt: number | undefined };
}
