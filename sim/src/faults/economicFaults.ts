import { branchIdAt, keyId, nobleEcdsa, payToKeyHash, planTransaction, signTransaction } from "@fluxlab/core";
import type { LabFluxnode } from "../world/labFluxnode.ts";
import type { NetworkWorld } from "../world/networkWorld.ts";
import type { Injection, OperatorFault, PowerFault, SwapFault } from "./fault.ts";

// What people do for money: miners come and go, operators neglect their FluxNodes or sell them.

/** Hash rate is switched on and off. */
export const power = (world: NetworkWorld, { nodes, times }: PowerFault): Injection => ({
  begin: () => {
    for (const node of nodes) world.setPower(node, times);
  },
  end: () => {
    for (const node of nodes) world.setPower(node, 1);
  },
});

export function operators(world: NetworkWorld, { nodes, act }: OperatorFault): Injection {
  const all = nodes.flatMap((node) =>
    (world.operators.get(node) ?? []).map((operator) => ({ node, operator })),
  );
  if (act === "spend") {
    return {
      begin: () => {
        for (const { node, operator } of all) {
          operator.leave();
          sell(world, node, operator.fluxnode);
        }
      },
      end: () => {},
    };
  }
  return {
    begin: () => {
      for (const { operator } of all) operator.leave();
    },
    end: () => {
      for (const { operator } of all) operator.comeBack();
    },
  };
}

/** Spends a collateral by a transaction of the node that it stands behind. */
function sell(world: NetworkWorld, at: number, { collateral, owner }: LabFluxnode): void {
  const node = world.nodes[at]!;
  const output = node.chain.state().coin(collateral);
  if (output === undefined || world.down[at] === 1) return;
  const { params } = node.chain.shared;
  const height = node.chain.tipHeight + 1;
  const changeScript = payToKeyHash(keyId(owner.publicKey));
  const payments = [{ value: output.value / 2n, scriptPubKey: changeScript }];
  const planned = planTransaction(
    { height, payments, coins: [{ outpoint: collateral, output }], changeScript },
    params,
  );
  if (planned.kind !== "planned") return;
  const branch = branchIdAt(params.upgrades, height);
  const signed = signTransaction(nobleEcdsa, planned.tx, planned.coins, [owner], branch);
  if (signed.kind === "signed") node.submitTransaction(signed.tx);
}

/** Users lock twice, or the relayer does not look at the chains. */
export function swaps(world: NetworkWorld, { act }: SwapFault): Injection {
  const turn = (on: boolean) => () => {
    if (world.swapDesk === undefined) return;
    if (act === "doubleLocks") world.swapDesk.doubleLocks = on;
    else world.swapDesk.staleRelayer = on;
  };
  return { begin: turn(true), end: turn(false) };
}
