import {
  type Block,
  type BlockOutcome,
  blockSubsidy,
  type ChainView,
  medianTimePast,
  ParseError,
  parseWhole,
  readBlock,
  type StateContents,
  u256Hex,
} from "@fluxlab/core";
import type { Field } from "../../field.ts";
import type { Json } from "../../json.ts";
import { agree, cannotTell, type Outcome, same } from "../kind.ts";
import { foundOfBlock, recordedBytes, saidOfBlock } from "../recordedBlock.ts";
import { foundList, type Listed, saidList } from "./fluxnodeLists.ts";
import type { RecordedChains } from "./recordedChains.ts";
import { explainAnswer, unverifiedText } from "./submitBlock.ts";

const THE_TIP = "the new tip";
const LISTS: readonly Listed[] = ["started", "dos"];

/**
 * A recorded chain fed to one node, a line after the other: every block has to become the tip, by a clock that stands at the
 * latest block time so far, and to be what its line says.
 */
export class ChainReplay {
  readonly #chains: RecordedChains;
  #node: ChainView | undefined;
  #clock: number;
  /** Why what stands on it cannot be judged, once a block could not. */
  #undecided: string | undefined;

  constructor(chains: RecordedChains) {
    this.#chains = chains;
    this.#clock = 0;
  }

  /** Checks the next line. @throws FormatError */
  check(line: Field): Outcome {
    const bytes = recordedBytes(line);
    const block = parseWhole(bytes, readBlock);
    if (block instanceof ParseError) return same("a block", `${block}`);
    this.#clock = Math.max(this.#clock, block.header.time);
    const result = this.#offer(line, block);
    const said = saidOfBlock(line, bytes);
    const undecided = this.#whyUndecided(result);
    if (undecided !== undefined) {
      const stated = agree(said, foundOfBlock(block));
      return stated.passed ? cannotTell(THE_TIP, undecided) : stated;
    }
    if (result.outcome !== "active")
      return agree({ ...said, verdict: THE_TIP }, { ...foundOfBlock(block), verdict: explainAnswer(result) });
    return agree({ ...said, ...saidOnChain(line) }, { ...foundOfBlock(block), ...this.#foundOnChain(line) });
  }

  #offer(line: Field, block: Block): BlockOutcome {
    if (this.#node !== undefined) return this.#node.acceptBlock(block, this.#clock).result;
    if (!this.#chains.isGenesis(block)) line.fail("the genesis block of the network first");
    this.#node = this.#chains.nodeAtGenesis(block);
    return { outcome: "active" };
  }

  #whyUndecided(result: BlockOutcome): string | undefined {
    if (result.outcome === "cannotTell") this.#undecided = unverifiedText(result);
    else if (result.outcome !== "held") return undefined;
    else if (this.#undecided !== undefined) return "it stands on a block that could not be judged";
    return this.#undecided;
  }

  #foundOnChain(line: Field): Readonly<Record<string, Json | undefined>> {
    const { tree } = this.#chains.sharedFor(line);
    const node = this.#node!;
    const { tip: row, tipHeight: height } = node;
    return {
      height,
      chainwork: u256Hex(tree.work(row)),
      mediantime: medianTimePast(tree.history(row)),
      subsidy: height === 0 ? 0n : blockSubsidy(this.#chains.params, height), // genesis makes no coins
      ...foundLists(node.state()),
    };
  }
}

const saidOnChain = (line: Field): Readonly<Record<string, Json | undefined>> => ({
  height: line.get("height").height(),
  chainwork: line.find("chainwork")?.text(),
  mediantime: line.find("mediantime")?.u32(),
  subsidy: line.find("subsidy")?.bigint(),
  ...saidLists(line),
});

/** Lists after the block, of chains that have them: [collateral, height of its START]. */
function saidLists(line: Field): Readonly<Record<string, Json | undefined>> {
  const lists = LISTS.flatMap((list) => {
    const nodes = line.find(list)?.items();
    if (nodes === undefined) return [];
    return [
      saidList(
        list,
        nodes.map((node): [string, Json] => [node.at(0).text(), node.at(1).height()]),
      ),
    ];
  });
  return Object.assign({}, ...lists);
}

const foundLists = (state: StateContents): Readonly<Record<string, Json | undefined>> =>
  Object.assign({}, ...LISTS.map((list) => foundList(list, state, ({ identity }) => [identity.addedHeight])));
