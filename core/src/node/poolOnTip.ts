import type { TipChange } from "../chain/bestChain.ts";
import { medianTimePast } from "../rules/medianTime.ts";
import { assert } from "../util/assert.ts";
import type { NodeContext } from "./nodeContext.ts";
import type { TxRelay } from "./txRelay.ts";

/** Takes the pool along to a new tip, block by block as fluxd does. Source: fluxd src/main.cpp DisconnectTip, ConnectTip. */
export function followTip(context: NodeContext, transactions: TxRelay, { from, to, fork }: TipChange): void {
  const { shared, mempool, poolClock, poolTip, ports } = context;
  const { tree } = shared.chain;
  for (let row = from; row !== fork; row = tree.parent(row)) leave(context, transactions, row);
  const joined = tree.parent(to) === fork ? [to] : tree.path(fork, to);
  for (const row of joined) {
    const block = context.block(row);
    assert(block !== undefined, "blocks that join the chain are kept");
    mempool.blockConnected(block.transactions, tree.height(row), poolClock);
    transactions.blockConnected(block.transactions);
  }
  mempool.tipSettled(poolTip, from !== fork);
  transactions.tipChanged();
  const disconnected = tree.height(from) - tree.height(fork);
  const hash = tree.hash(to);
  ports.observe({ kind: "tip", hash, height: tree.height(to), disconnected, connected: joined.length });
}

function leave(context: NodeContext, transactions: TxRelay, row: number): void {
  const { shared, mempool, poolClock } = context;
  const { tree } = shared.chain;
  const parent = tree.parent(row);
  const tip = {
    get state() {
      return shared.chain.stateAfter(parent);
    },
    get medianTime() {
      return medianTimePast(tree.history(parent));
    },
  };
  const block = context.block(row);
  assert(block !== undefined, "blocks that leave the chain are kept");
  mempool.blockDisconnected(block.transactions, shared.chain.deltaOf(row), tip, poolClock);
  transactions.blockDisconnected();
}
