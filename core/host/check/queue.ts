import { compareQueuePositions } from "@fluxlab/core";
import type { Field } from "../field.ts";
import { jsonText } from "../json.ts";
import { groupCases, hasGroup, type Kind, type Outcome, same } from "./kind.ts";

/** The group of this kind in a file that also holds those of {@link payoutsKind}. */
export const QUEUE_GROUP = "queueOrder";

/** `nodes` in any order, `order` as indices into them, first paid first. */
function checkOrder(row: Field): Outcome {
  const nodes = row.get("nodes").items();
  if (nodes.length === 0) row.get("nodes").fail("at least one node");
  const positions = nodes.map((node, index) => ({
    index,
    outpoint: { txid: node.get("txid").hash(), index: node.get("vout").u32() },
    confirmedHeight: node.get("confirmedHeight").height(),
    lastPaidHeight: node.get("lastPaidHeight").height(),
  }));
  const expected = row
    .get("order")
    .items()
    .map((index) => index.integer(0, nodes.length - 1));
  const got = positions.sort(compareQueuePositions).map(({ index }) => index);
  return same(`order ${jsonText(expected)}`, `order ${jsonText(got)}`);
}

export const queueKind: Kind = {
  name: "queue",
  about: "order of payment within a tier: group queueOrder",
  recognises: (root) => hasGroup(root, [QUEUE_GROUP]),
  cases({ root }) {
    const others = root.keys().filter((key) => key !== QUEUE_GROUP);
    return groupCases(root, { [QUEUE_GROUP]: checkOrder }, others);
  },
};
