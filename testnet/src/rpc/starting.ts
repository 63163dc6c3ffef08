import type { Outpoint } from "@fluxlab/core";
import type { CommandContext } from "./command.ts";
import { RpcError } from "./rpcError.ts";

// What all who START FluxNodes share. Source: fluxd src/rpc/fluxnode.cpp.

/** What stands in the way of a START, as fluxd says it. */
export class NotStarted extends Error {}

/** Why a node with this collateral cannot be started now. */
export function obstacle(collateral: Outpoint, { api }: CommandContext): string | undefined {
  const { chain, mempool } = api.node;
  if (mempool.pool.fluxnodeTx(collateral) !== undefined)
    return "Mempool already has a fluxnode transaction using this outpoint";
  const known = chain.state().fluxnode(collateral);
  switch (known?.status) {
    case undefined:
      return undefined;
    case "started":
      return "Fluxnode already started, waiting to be confirmed";
    case "dos":
      return "Fluxnode already started then not confirmed, in DoS tracker. Must wait until out of DoS tracker to start";
    case "confirmed":
      return "Fluxnode already confirmed and in fluxnode list";
  }
}

/** What becomes of `attempt`, or the reason why nothing did. */
export function orReason<T>(attempt: () => T): T | { readonly reason: string } {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof NotStarted || error instanceof RpcError) return { reason: error.message };
    throw error;
  }
}
