import { decodeAddress, destinationScript, toWireHex } from "@fluxlab/core";
import type { JsonObject } from "../json.ts";
import { NETWORKS } from "./network.ts";

/** What an address stands for, as fluxd's validateaddress says it, and on which networks: test and regtest share theirs. */
export function addressJson(address: string): JsonObject {
  const found = Object.entries(NETWORKS).flatMap(([network, params]) => {
    const destination = decodeAddress(address, params);
    return destination === undefined ? [] : [{ network, destination }];
  });
  const [first] = found;
  if (first === undefined) return { isvalid: false };
  return {
    isvalid: true,
    address,
    scriptPubKey: toWireHex(destinationScript(first.destination)),
    isscript: first.destination.type === "scriptHash",
    networks: found.map(({ network }) => network),
  };
}
