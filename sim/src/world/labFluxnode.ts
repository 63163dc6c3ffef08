import type { KeyPair, Outpoint, Tier } from "@fluxlab/core";

/** A FluxNode of a laboratory network, its keys included. */
export interface LabFluxnode {
  readonly tier: Tier;
  readonly collateral: Outpoint;
  /** Its collateral's output script, which payments go to; of no other node. */
  readonly owner: KeyPair;
  readonly key: KeyPair;
  readonly ip: Uint8Array;
}
