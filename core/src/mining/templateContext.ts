import type { ConnectOptions } from "../chain/blockOnParent.ts";
import type { Params } from "../params/params.ts";
import type { HeaderHistory } from "../rules/headerHistory.ts";
import type { StateView } from "../state/stateView.ts";

/** The block that a new one goes on top of. */
export interface TemplateParent {
  /** After it. */
  readonly state: StateView;
  /** The headers up to it. */
  readonly headers: HeaderHistory;
}

/** What the operator of a node adds to a transaction's standing: RPC prioritisetransaction. */
export interface Boost {
  readonly priority: number;
  /** Satoshi; counted, never paid. */
  readonly fee: bigint;
}

/** Where and by what rules a template's transactions are chosen. */
export interface TemplateContext {
  /** After the parent. */
  readonly state: StateView;
  /** Of the new block. */
  readonly height: number;
  /** Of the parent and its ancestors, Unix seconds. */
  readonly medianTime: number;
  readonly params: Params;
  readonly options: ConnectOptions;
  /** What the operator thinks of a transaction. */
  readonly boostOf: ((txid: Uint8Array) => Boost | undefined) | undefined;
}
