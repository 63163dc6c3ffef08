import type { TipChange } from "../chain/bestChain.ts";
import { medianTimePast } from "../rules/medianTime.ts";
import { assert } from "../util/assert.ts";
import type { NodeContext } from "./nodeContext.ts";
import type { TxRelay } from "./txRelay.ts";

/** Takes the pool along to a new tip, block by block as fluxd does. Source: fluxd src/main.cpp DisconnectTip, ConnectTip. */
export function followTip(context: NodeContext, transactions: TxRelay, { from, to, fork }: TipChange): void {
  const { shared, mempool, poolTip, ports } = context;
  const { tree } = shared.chain;
  for (let row = from; row !== fork; row = tree.parent(row)) leave(context, transactions, row);
  if (tree.parent(to) === fork) join(context, transactions, to);
  else for (const row of tree.path(fork, to)) join(context, transactions, row);
  mempool.tipSettled(poolTip, from !== fork);
  transactions.tipChanged();
  const disconnected = tree.height(from) - tree.height(fork);
  const connected = tree.height(to) - tree.height(fork);
  ports.observe({ kind: "tip", hash: tree.hash(to), height: tree.height(to), disconnected, connected });
}

function join(context: NodeContext, transactions: TxRelay, row: number): void {
  const { shared, mempool, poolClock } = context;
  const block = context.block(row);
  assert(block !== undefined, "blocks that join the chain are kept");
  mempool.blockConnected(block.transactions, shared.chain.tree.height(row), poolClock);
  transactions.blockConnected(block.transactions);
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
