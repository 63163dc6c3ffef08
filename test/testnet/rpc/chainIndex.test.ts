import { type ChainView, isCoinbase, knownTxid, scriptDestination, type Transaction } from "@fluxlab/core";
import { ChainIndex } from "@fluxlab/testnet/rpc";
import { expect, test } from "vitest";
import { wasmEquihash } from "../../support/equihash.ts";
import { sharedChainOf } from "../../support/labChain.ts";
import { genesisOf, labParams } from "../../support/miningLab.ts";
import { RpcNode } from "../../support/rpcNode.ts";

/** Every transaction of a node's best chain above genesis. */
function transactionsOf(chain: ChainView): Transaction[] {
  const { tree } = chain.shared;
  return tree.path(tree.root, chain.tip).flatMap((row) => {
    const block = chain.block(row);
    if (block === undefined || block === "pruned") throw new Error("a block is missing");
    return [...block.transactions];
  });
}

/** All that an index says of these transactions. */
function answers(index: ChainIndex, transactions: readonly Transaction[]): unknown[] {
  return transactions.map((tx) => {
    const txid = knownTxid(tx);
    const outputs = tx.kind === "ordinary" ? tx.outputs : [];
    const spent =
      tx.kind === "ordinary" && !isCoinbase(tx)
        ? tx.inputs.map(({ prevout }) => index.spending(prevout))
        : [];
    const paid = outputs.map(({ scriptPubKey }, i) => {
      const destination = scriptDestination(scriptPubKey);
      return [index.spending({ txid, index: i }), destination && [...index.ofAddress(destination)]];
    });
    return [index.transaction(txid)?.height, index.transaction(txid)?.position, spent, paid];
  });
}

test("after any way to a tip an index says what a new one does, and of what was left nothing", async () => {
  const params = labParams({ checkProofTargets: false });
  const genesis = genesisOf(params);
  const node = new RpcNode(
    sharedChainOf(genesis, "nothing", params, wasmEquihash),
    genesis.header.time + 1_000_000,
  );
  const { chain } = node.node;
  await node.ask("generate", 15);
  const followed = new ChainIndex(chain);
  const seen = new Set<Transaction>();
  const compare = (): void => {
    const now = transactionsOf(chain);
    for (const tx of now) seen.add(tx);
    followed.follow();
    const fresh = new ChainIndex(chain);
    fresh.follow();
    expect(answers(followed, [...seen])).toEqual(answers(fresh, [...seen]));
    expect(followed.totalsAt(chain.tipHeight)).toEqual(fresh.totalsAt(chain.tipHeight));
    expect(answers(fresh, now).every((answer) => (answer as unknown[])[0] !== undefined)).toBe(true);
  };
  compare();
  for (let round = 0; round < 3; round++) {
    const address = await node.ask<string>("getnewaddress");
    await node.ask("sendtoaddress", address, 3 + round);
    const [made] = await node.ask<string[]>("generate", 2);
    compare();
    await node.ask("invalidateblock", made);
    compare();
    await node.ask("generate", 3);
    compare();
    await node.ask("reconsiderblock", made);
    compare();
  }
});
