import type { BlockHash, Txid } from "../primitives/ids.ts";
import type { Violation } from "../rules/violation.ts";

/** A connection of this node; the host never gives a number twice in the life of a node. */
export type PeerId = number;

/** What a node tells those who watch it, in the simulator and on real machines alike. */
export type Observation =
  | {
      readonly kind: "tip";
      readonly hash: BlockHash;
      readonly height: number;
      /** Blocks taken off the old chain, and put on. */
      readonly disconnected: number;
      readonly connected: number;
    }
  /** A header was let in that parts from the node's chain below its tip: of the first block of a fork. */
  | { readonly kind: "fork"; readonly hash: BlockHash; readonly height: number }
  | {
      readonly kind: "blockRefused";
      readonly hash: BlockHash;
      readonly violation: Violation;
      readonly from: PeerId | undefined;
    }
  | {
      readonly kind: "transaction";
      readonly txid: Txid;
      readonly accepted: boolean;
      readonly reason: string | undefined;
    }
  | { readonly kind: "produced"; readonly hash: BlockHash; readonly height: number }
  | { readonly kind: "score"; readonly peer: PeerId; readonly points: number; readonly reason: string }
  | { readonly kind: "banned"; readonly peer: PeerId; readonly reason: string }
  | {
      readonly kind: "peer";
      readonly peer: PeerId;
      readonly state: "connected" | "ready" | "disconnected";
      readonly reason: string | undefined;
    };
