import {
  ABSENT,
  addBlockProof,
  type Block,
  equalBytes,
  headerPonHash,
  ParseError,
  parseWhole,
  readBlock,
  toDisplayHex,
  toWireHex,
  u256,
  u256Hex,
} from "@fluxlab/core";
import type { Field } from "../../field.ts";
import type { Json } from "../../json.ts";
import { agree, type Case, type Outcome, same } from "../kind.ts";
import { foundOfBlock, recordedBytes, saidOfBlock } from "../recordedBlock.ts";
import { foundState, saidState } from "./fluxnodeLists.ts";
import { isStuck, NodeRun, namedBlock, readStep, type Step } from "./nodeRun.ts";
import type { RecordedChains } from "./recordedChains.ts";

// Branches that grow from one block, and what nodes made of them that got their blocks in some order.

type Facts = Readonly<Record<string, Json | undefined>>;

/** The cases of one reorganisation, to be checked in this order. @throws FormatError */
export function reorganisationCases(recorded: Field, chains: RecordedChains): Case[] {
  const name = recorded.find("name")?.text() ?? "";
  const named = (place: Field, check: () => Outcome): Case => ({ name: `${place.path} ${name}`, check });
  const cases = runs(recorded).flatMap((run) => runCases(run, recorded, chains, named));
  if (cases.length === 0) cases.push(named(recorded, () => recorded.fail('"orders" or "steps"')));
  for (const id of recorded.get("blocks").keys()) {
    const block = recorded.get("blocks").get(id);
    cases.push(named(block, () => checkBlock(block, id, recorded, chains)));
  }
  const state = recorded.find("finalState");
  if (state !== undefined) {
    const tip = recorded.get("finalTip");
    const check = () => agree(saidState(state), foundState(chains.stateAfter(tip)));
    cases.push(named(state, check));
  }
  return cases;
}

/** What one node was given, and what it came to. */
interface Run {
  readonly place: Field;
  readonly compared: readonly Step[];
  /** Steps after those, of which nothing is compared. */
  readonly others: readonly Step[];
  /** Tips in the end, as far as they are said. */
  readonly ends: readonly Field[];
}

function runs(recorded: Field): Run[] {
  const blocks = recorded.get("blocks");
  const end = recorded.find("finalTip");
  const ends = end === undefined ? [] : [end];
  const orders = recorded.find("orders")?.items() ?? [];
  const plain = ["steps", "withoutDisconnect"].flatMap((key) => recorded.find(key) ?? []);
  return [
    ...orders.map((order) => orderRun(order, recorded, ends)),
    ...plain.map((place) => ({
      place,
      ...untilStuck(place.items().map((row) => readStep(row, blocks))),
      ends,
    })),
    ...disconnectingRun(recorded, blocks),
  ];
}

/** Where the daemon's answers depend on the order of arrival, only the tip in the end is the same for every order. */
function orderRun(order: Field, recorded: Field, ends: readonly Field[]): Run {
  const blocks = recorded.get("blocks");
  const listed = order.find("order")?.items() ?? [];
  const inOrder = listed.map((row): Step => ({ row, action: { submit: namedBlock(row, blocks) } }));
  const steps = order
    .find("steps")
    ?.items()
    .map((row) => readStep(row, blocks));
  const dependent = recorded.find("orderDependent")?.flag() === true;
  if (steps === undefined || dependent) return { place: order, compared: [], others: steps ?? inOrder, ends };
  const own = order.find("finalTip");
  return { place: order, ...untilStuck(steps), ends: own === undefined ? ends : [own, ...ends] };
}

/** A daemon that is stuck refuses good blocks too, so what follows is its own affair. */
function untilStuck(steps: readonly Step[]): { compared: readonly Step[]; others: readonly Step[] } {
  const stuck = steps.findIndex(isStuck);
  const end = stuck < 0 ? steps.length : stuck + 1;
  return { compared: steps.slice(0, end), others: steps.slice(end) };
}

/** "withDisconnect": the daemon goes wrong, and "withoutDisconnect" says what is right of the same blocks. */
function disconnectingRun(recorded: Field, blocks: Field): Run[] {
  const place = recorded.find("withDisconnect");
  if (place === undefined) return [];
  const undisturbed = recorded.get("withoutDisconnect").items();
  const compared = place.items().map((row) => {
    const block = row.find("block")?.text();
    const right = undisturbed.find((other) => other.find("block")?.text() === block);
    return readStep(block === undefined ? row : (right ?? row), blocks);
  });
  return [{ place, compared, others: [], ends: [] }];
}

function runCases(
  { place, compared, others, ends }: Run,
  recorded: Field,
  chains: RecordedChains,
  named: (place: Field, check: () => Outcome) => Case,
): Case[] {
  const fork = recorded.get("forkHash");
  const node = new NodeRun(chains, () => chains.nodeAt(fork), recorded.find("mockTime")?.u32());
  const cases = compared.map((step) => named(step.row, () => node.check(step)));
  if (ends.length === 0)
    return cases.length > 0 ? cases : [named(place, () => place.fail('"steps" to compare, or a "finalTip"'))];
  const end = named(place, () => {
    for (const step of others) node.do(step);
    return node.checkTip(ends);
  });
  return [...cases, end];
}

/** A block of a branch, which some node was given before. */
function checkBlock(row: Field, id: string, recorded: Field, chains: RecordedChains): Outcome {
  const bytes = recordedBytes(row);
  const block = parseWhole(bytes, readBlock);
  if (block instanceof ParseError) return same("a block", `${block}`);
  const isFirst = equalBytes(block.header.previousHash, recorded.get("forkHash").hash());
  return agree(
    {
      ...saidOfBlock(row, bytes),
      ...saidOfPlace(row),
      ...saidOfDraw(recorded.find("ponHashes")?.find(id)),
      forkHeight: isFirst ? recorded.find("forkHeight")?.height() : undefined,
    },
    { ...foundOfBlock(block), ...foundPlace(row, block, chains), ...foundDraw(block, chains) },
  );
}

const saidOfPlace = (row: Field): Facts => ({
  height: row.find("height")?.height(),
  chainwork: row.find("chainwork")?.text(),
});

/** Also of a block that was refused, as long as its parent is known. */
function foundPlace(row: Field, { header }: Block, chains: RecordedChains): Facts {
  const { tree } = chains.sharedFor(row);
  const parent = tree.find(header.previousHash);
  if (parent === ABSENT) return {};
  const work = addBlockProof(u256(), tree.work(parent), header.version, header.bits);
  const forkHeight = tree.height(parent);
  return { forkHeight, height: forkHeight + 1, chainwork: u256Hex(work) };
}

const saidOfDraw = (pon: Field | undefined): Facts => ({
  ponHash: pon?.find("raw")?.text(),
  displayedPonHash: pon?.find("display")?.text(),
});

function foundDraw({ header }: Block, { params }: RecordedChains): Facts {
  if (header.kind !== "pon") return {};
  const hash = headerPonHash(header, params);
  return { ponHash: toWireHex(hash), displayedPonHash: toDisplayHex(hash) };
}
