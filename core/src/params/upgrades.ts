/**
 * Network upgrades in activation order; the position is fluxd's UpgradeIndex.
 * Source: fluxd src/consensus/params.h UpgradeIndex, src/consensus/upgrades.cpp NetworkUpgradeInfo.
 */
export const UPGRADES = [
  "base",
  "testDummy",
  "lwma",
  "equihash144",
  "acadia",
  "kamiooka",
  "kamata",
  "flux",
  "halving",
  "p2shNodes",
  "pon",
] as const;

/** Name of a network upgrade. */
export type Upgrade = (typeof UPGRADES)[number];

/** An activation height that means "never". */
export const DISABLED = -1;

/** How one network runs one upgrade. */
export interface UpgradeParams {
  /** First block under the upgrade's rules, or {@link DISABLED}. */
  readonly height: number;
  /** Consensus branch id, u32. */
  readonly branchId: number;
  /** Lowest protocol version a peer may speak once the upgrade is active. */
  readonly protocolVersion: number;
}

/** How one network runs every upgrade. */
export type UpgradeSchedule = Readonly<Record<Upgrade, UpgradeParams>>;

/** Whether the upgrade's rules hold in block `height`. Source: fluxd src/consensus/upgrades.cpp NetworkUpgradeActive. */
export function upgradeActive(schedule: UpgradeSchedule, upgrade: Upgrade, height: number): boolean {
  const activation = schedule[upgrade].height;
  return activation !== DISABLED && height >= activation;
}

/**
 * The raw comparison fluxd uses for headers, subsidy, tier shares and start expiry. It ignores {@link DISABLED}, so on
 * regtest, whose PON height is -1, it is true at every height. Source: fluxd src/pon/pon-fork.cpp IsPONActive.
 */
export const ponHeightReached = (schedule: UpgradeSchedule, height: number): boolean =>
  height >= schedule.pon.height;

/** The latest upgrade active at `height`. Source: fluxd src/consensus/upgrades.cpp CurrentEpoch. */
export function currentUpgrade(schedule: UpgradeSchedule, height: number): Upgrade {
  // Every node asks at every tip: no closure.
  for (let i = UPGRADES.length - 1; i > 0; i--) {
    if (upgradeActive(schedule, UPGRADES[i]!, height)) return UPGRADES[i]!;
  }
  return "base";
}

/** What signature hashes of overwintered transactions in block `height` commit to. Source: fluxd CurrentEpochBranchId. */
export const branchIdAt = (schedule: UpgradeSchedule, height: number): number =>
  schedule[currentUpgrade(schedule, height)].branchId;
