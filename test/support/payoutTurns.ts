import { type Outpoint, outpointKey, type StateDelta, type Tier } from "@fluxlab/core";

interface Member {
  readonly tier: Tier;
  /** Height from which the node is confirmed. */
  readonly since: number;
}

/**
 * What breaks the turn of payments, in words: between two payments to a node, every node of its tier that was confirmed before
 * the first and still is at the second is paid once, not twice and not passed over. Asked of the blocks alone, in O(blocks * nodes).
 */
export function brokenTurns(deltas: readonly StateDelta[]): string[] {
  const members = new Map<string, Member>();
  const paidAt = new Map<string, number[]>();
  const broken: string[] = [];
  for (const { height, payments, fluxnodes } of deltas) {
    for (const { outpoint } of payments) check(outpoint, height);
    for (const [key, { after }] of fluxnodes) {
      const isMember = after?.status === "confirmed";
      if (isMember && !members.has(key)) members.set(key, { tier: after.identity.tier, since: height });
      if (isMember) continue;
      members.delete(key);
      paidAt.delete(key);
    }
  }
  return broken;

  function check(outpoint: Outpoint, height: number): void {
    const key = outpointKey(outpoint);
    const { tier } = members.get(key)!;
    const before = paidAt.get(key)?.at(-1);
    for (const [other, member] of members) {
      if (before === undefined || other === key || member.tier !== tier || member.since >= before) continue;
      const turns = (paidAt.get(other) ?? []).filter((at) => at > before && at < height).length;
      if (turns !== 1) broken.push(`${tier} at ${height}: ${turns} payments to another since ${before}`);
    }
    paidAt.set(key, [...(paidAt.get(key) ?? []), height]);
  }
}
