import { equalBytes, tierShare, toWireHex } from "@fluxlab/core";
import type { Checker } from "./checker.ts";
import type { FluxnodeBooks } from "./fluxnodeBook.ts";

/** Every block pays the FluxNode of each tier that has waited longest, and its whole share. */
export function payouts(books: FluxnodeBooks): Checker {
  return {
    name: "payouts",
    begin: (block, state) => books.begin(block, state),
    block(witnessed, params, at, report) {
      books.add(witnessed, params);
      const { parent, height, block } = witnessed;
      if (parent === undefined || height < params.fluxnodes.paymentStartHeight) return;
      const coinbase = block.transactions[0]!;
      const outputs = coinbase.kind === "ordinary" ? [...coinbase.outputs] : [];
      for (const { tier, script, outpoint } of books.due(parent)) {
        const share = tierShare(params, height, tier);
        const paid = outputs.findIndex(
          (output) => output.value === share && equalBytes(output.scriptPubKey, script),
        );
        if (paid < 0) {
          const name = `${toWireHex(outpoint.txid).slice(0, 16)}:${outpoint.index}`;
          report(`${tier} node ${name} was due ${share} sat and did not get them`, { ...at, height });
        } else outputs.splice(paid, 1);
      }
    },
  };
}

/** Between two payments of a FluxNode every other of its tier that was confirmed all the time has its turn. */
export function fairness(books: FluxnodeBooks): Checker {
  return {
    name: "fairness",
    begin: (block, state) => books.begin(block, state),
    block(witnessed, params, at, report) {
      books.add(witnessed, params);
      const { parent, height } = witnessed;
      if (parent === undefined || height < params.fluxnodes.paymentStartHeight) return;
      const coinbase = witnessed.block.transactions[0]!;
      if (coinbase.kind !== "ordinary") return;
      const entries = [...books.after(parent).values()].filter(({ status }) => status === "confirmed");
      for (const output of coinbase.outputs) {
        const payee = entries.find(({ script }) => equalBytes(script, output.scriptPubKey));
        if (payee === undefined || payee.lastPaid === 0) continue;
        const passedOver = entries.find(
          (other) =>
            other.tier === payee.tier && other.confirmed < payee.lastPaid && other.lastPaid < payee.lastPaid,
        );
        if (passedOver !== undefined) {
          report(
            `a ${payee.tier} node was paid again after ${height - payee.lastPaid} blocks, before another had a turn`,
            {
              ...at,
              height,
            },
          );
        }
      }
    },
  };
}
