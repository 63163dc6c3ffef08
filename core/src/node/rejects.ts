import type { BlockHash, Txid } from "../primitives/ids.ts";
import type { NodeContext } from "./nodeContext.ts";
import type { Peer } from "./peer.ts";
import { MAX_REJECT_REASON_BYTES } from "./wire/rejectCodec.ts";

/** Codes of reject messages that no rule gives. Source: fluxd src/consensus/validation.h. */
export const REJECT_MALFORMED = 0x01;
export const REJECT_OBSOLETE = 0x11;
export const REJECT_DUPLICATE = 0x12;

/** What a refusal says to the sender, and costs it. */
export interface Rejection {
  readonly code: number;
  readonly reason: string;
  readonly dos: number;
}

/** Tells a peer why what it sent was refused, and then charges it: a ban would keep it from hearing. */
export function reject(
  { peers }: NodeContext,
  peer: Peer,
  message: string,
  { code, reason, dos }: Rejection,
  hash: BlockHash | Txid | undefined = undefined,
): void {
  peers.send(peer, {
    command: "reject",
    message,
    code,
    reason: reason.slice(0, MAX_REJECT_REASON_BYTES),
    hash,
  });
  peers.charge(peer, dos, reason);
}
