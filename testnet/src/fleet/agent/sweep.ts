import { rmSync } from "node:fs";
import { killAgentsOf, killNodesBelow } from "../processes.ts";
import { setPacketRules } from "./packetFilter.ts";

/** What was found at a place. */
export interface Swept {
  readonly processes: number;
}

/**
 * Ends what is left of a testnet at a place: nodes below its folder, the folder, and its packet rules on the device with the address `own`.
 */
export async function sweepPlace(folder: string, own: string, sudo: boolean): Promise<Swept> {
  await killAgentsOf(folder); // one that goes on could set rules once more
  const processes = await killNodesBelow(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  try {
    await setPacketRules([], { own, testnet: folder, sudo, spare: [] });
  } catch {
    // Who may not look at rules has set none.
  }
  return { processes };
}
