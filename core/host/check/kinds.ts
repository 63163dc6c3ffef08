import { nodeEquihash } from "../equihash.ts";
import { base58Kind } from "./base58.ts";
import { blockKind } from "./block.ts";
import { difficultyKind } from "./difficulty.ts";
import { equihashKind } from "./equihash.ts";
import { fluxnodeTxKind } from "./fluxnodeTx.ts";
import { keysKind } from "./keys.ts";
import type { Kind } from "./kind.ts";
import { payoutsKind } from "./payouts.ts";
import { queueKind } from "./queue.ts";
import { scriptKind } from "./script.ts";
import { sighashKind } from "./sighash.ts";
import { subsidyKind } from "./subsidy.ts";
import { txKind } from "./tx.ts";

/** Every format that can be checked. A new one is a file of its own and a line here. */
export const KINDS: readonly Kind[] = [
  scriptKind,
  sighashKind,
  txKind,
  base58Kind,
  keysKind,
  fluxnodeTxKind,
  blockKind,
  payoutsKind,
  queueKind,
  subsidyKind,
  difficultyKind,
  equihashKind(nodeEquihash()),
];
