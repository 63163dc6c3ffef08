import type { TestnetRecord } from "./registry.ts";

// What a testnet has left where its nodes ran, if that is not this machine. Who speaks to engines and hosts is loaded only when there are any.

/** What was ended. */
export interface EndedElsewhere {
  readonly processes: number;
  readonly containers: number;
}

/**
 * Ends what a testnet left elsewhere. Without a record it may have been anywhere that labels tell of.
 * @throws InputError naming a host or an engine that does not answer
 */
export async function endElsewhere(
  root: string,
  name: string,
  record: TestnetRecord | undefined,
): Promise<EndedElsewhere> {
  const place = record?.place;
  if (place?.kind === "ssh") {
    const { sweepHosts } = await import("./ssh/sweepHosts.ts");
    return { processes: await sweepHosts(place), containers: 0 };
  }
  if (record?.runner === "process") return { processes: 0, containers: 0 };
  const { removeTestnet } = await import("./docker/engineLeftovers.ts");
  return { processes: 0, containers: await removeTestnet(root, name, place) };
}

/** Testnets of a root that an engine has something of, records or none. */
export async function namesElsewhere(root: string): Promise<readonly string[]> {
  const { testnetsOnEngine } = await import("./docker/engineLeftovers.ts");
  return testnetsOnEngine(root);
}
