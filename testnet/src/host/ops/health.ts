import type { LiveNode } from "../liveNode.ts";

/** Whether a node is of use to those who rely on it. */
export interface Health {
  readonly ok: boolean;
  /** Why not. */
  readonly reasons: readonly string[];
  readonly height: number;
  readonly bestHeader: number;
  readonly peers: number;
  /** Since the time of the tip's header, by the node's clock. */
  readonly tipAgeSeconds: number;
}

/** Blocks that the best header may be ahead. */
const MAX_BEHIND = 3;

/** `maxTipAge`: seconds. */
export function healthOf({ node, host }: LiveNode, maxTipAge: number): Health {
  const { chain, catchingUp } = node;
  const { tree } = chain.shared;
  const height = chain.tipHeight;
  const bestHeader = tree.height(chain.bestHeader);
  const tipAgeSeconds = host.seconds() - tree.time(chain.tip);
  const peers = host.peers().length;
  const reasons: string[] = [];
  if (catchingUp) reasons.push("the node is catching up");
  if (bestHeader - height > MAX_BEHIND) reasons.push(`${bestHeader - height} blocks are missing`);
  if (tipAgeSeconds > maxTipAge) reasons.push(`the tip is ${tipAgeSeconds} s old, more than ${maxTipAge} s`);
  return { ok: reasons.length === 0, reasons, height, bestHeader, peers, tipAgeSeconds };
}
