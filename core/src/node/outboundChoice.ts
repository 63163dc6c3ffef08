import type { AddressManager } from "./addressManager.ts";
import type { TimedAddress } from "./messages.ts";
import { networkGroupKey } from "./networkAddress.ts";

// Whom to connect to next. Source: fluxd src/net.cpp ThreadOpenConnections.

/** Draws before the pass is given up. */
const MAX_DRAWS = 100;
/** Draws in which addresses tried less than {@link RETRY_SECONDS} ago are left out. */
const PATIENT_DRAWS = 30;
const RETRY_SECONDS = 600;
/** Draws in which ports other than the network's are left out. */
const USUAL_PORT_DRAWS = 50;

/** What an outbound choice keeps clear of. */
export interface OutboundRules {
  /** Of the network. */
  readonly defaultPort: number;
  /** Groups of the outbound peers there are: one peer a group is enough. */
  readonly takenGroups: ReadonlySet<string>;
  /** Own addresses and banned ones. */
  readonly refused: (address: TimedAddress) => boolean;
}

/** One that was never connected to, to see whether somebody is there; or undefined. `now`: Unix seconds. */
export function chooseFeeler(
  addresses: AddressManager,
  now: number,
  rules: OutboundRules,
): TimedAddress | undefined {
  const address = addresses.select(now, true);
  return address === undefined || !isFree(address, rules) ? undefined : address;
}

/** An address of another group than all outbound peers, or undefined. `now`: Unix seconds. */
export function chooseOutbound(
  addresses: AddressManager,
  now: number,
  rules: OutboundRules,
): TimedAddress | undefined {
  for (let draw = 1; draw <= MAX_DRAWS; draw++) {
    const address = addresses.select(now, false);
    // fluxd ends the pass here too: what it drew is of no use, and the next pass begins afresh.
    if (address === undefined || !isFree(address, rules)) return undefined;
    if (draw < PATIENT_DRAWS && now - addresses.lastTry(address) < RETRY_SECONDS) continue;
    if (draw < USUAL_PORT_DRAWS && address.port !== rules.defaultPort) continue;
    return address;
  }
  return undefined;
}

const isFree = (address: TimedAddress, { takenGroups, refused }: OutboundRules): boolean =>
  !takenGroups.has(networkGroupKey(address.ip)) && !refused(address);
