import { describe, expect } from "vitest";
import { type Changeable, Copies, checkFiles, complaints } from "../../../../support/recordings.ts";
import { vectorTest } from "../../../../support/vectorTest.ts";

// One thing wrong in a copy of a recording: exactly that is named, with what was recorded and what came out.

type Change = (value: Changeable) => void;

/** The first complaint about a copy of a file in which one thing was changed; its chain reaches up to `height`. */
function firstComplaint(height: number, copy: (copies: Copies) => string): string {
  const copies = new Copies();
  return complaints(checkFiles([copy(copies), copies.chain(height)]))[0] ?? "nothing";
}

/** Cases: what is changed, and what the complaint says. */
function eachNamed(
  cases: readonly (readonly [Change, RegExp])[],
  complaintAbout: (change: Change) => string,
) {
  for (const [change, complaint] of cases) {
    vectorTest(`${change}`.replace(/^\(?\w+\)? => /, ""), () => {
      expect(complaintAbout(change)).toMatch(complaint);
    });
  }
}

const ZERO = "0".repeat(64);

describe("a chain", () => {
  eachNamed(
    [
      [(line) => (line.hash = ZERO), /^line 41 height 40: expected hash "0{64}", got hash "00/],
      [(line) => (line.height = 39), /^line 41 height 39: expected height 39, got height 40$/],
      [(line) => (line.time += 1), /^line 41 height 40: expected time \d+, got time \d+$/],
      [(line) => (line.bits = "2000fffe"), /^line 41 .*: expected bits "2000fffe", got bits "2000/],
      [(line) => (line.chainwork = ZERO), /^line 41 .*: expected chainwork "0{64}", got chainwork "0{60}/],
      [(line) => (line.mediantime -= 1), /^line 41 .*: expected mediantime \d+, got mediantime \d+$/],
      [(line) => (line.subsidy = "1"), /^line 41 .*: expected subsidy 1, got subsidy 15000000000$/],
      [(line) => (line.coinbase[0][0] = "7"), /^line 41 .*: expected coinbase \[\["7"/],
      [(line) => (line.coinbase[0][1] = "51"), /^line 41 .*: expected coinbase .*"51"/],
      [
        (line) => (line.hex = line.hex.replace(/.{8}$/, "01000000")),
        /^line 41 .*: expected hash "00.*rootIsOfTransactions true|^line 41 .*: expected .*verdict "the new tip", got .*bad-txnmrklroot/,
      ],
      [(line) => (line.hex = line.hex.slice(2)), /^line 41 .*: expected a block, got .* at byte/],
      [(line) => (line.hex += "00"), /^line 41 .*: expected a block, got .*byte/],
      // What is not of the format.
      [(line) => (line.hex = "0g"), /^line 41 .*: line 41\.hex: expected hex, two digits a byte, got "0g"/],
      [(line) => (line.time = "late"), /line 41\.time: expected a whole number .*, got "late"/],
      [(line) => (line.hash = 5), /line 41\.hash: expected a text, got 5/],
      [(line) => delete line.height, /line 41: expected an object with "height", got one with hash, time/],
      [(line) => delete line.hex, /line 41: expected an object with "hex", got one with height/],
      [(line) => (line.coinbase = 1), /line 41\.coinbase: expected a list, got 1/],
    ],
    (change) =>
      complaints(checkFiles([new Copies().chain(45, (lines) => change(lines[40]))]))[0] ?? "nothing",
  );

  vectorTest("of which a block is missing, and everything after it stands on nothing", () => {
    const checked = checkFiles([new Copies().chain(45, (lines) => lines.splice(40, 1))]);
    expect(complaints(checked)).toHaveLength(5);
    expect(complaints(checked)[0]).toMatch(
      /^line 41 height 41: expected verdict "the new tip", got verdict "bad-prevblk \(its parent is not known\)"$/,
    );
  });
});

describe("a reorganisation", () => {
  eachNamed(
    [
      [(reorg) => (reorg.orders[0].steps[1].tip = ZERO), /^orders\[0\]\.steps\[1\] .*: expected tip "0{64}"/],
      [
        (reorg) => (reorg.orders[0].steps[1].result = null),
        /^orders\[0\]\.steps\[1\] .*: expected answer null, got answer "inconclusive"|expected answer "refused"/,
      ],
      [
        (reorg) => (reorg.orders[0].steps[2].result = "bad-cb-amount"),
        /^orders\[0\]\.steps\[2\] .*: expected answer "bad-cb-amount", got answer "null \(the new tip\)"$/,
      ],
      [
        (reorg) => (reorg.orders[1].finalTip = ZERO),
        /^orders\[1\] .*: expected orders\[1\]\.finalTip "0{64}"/,
      ],
      [(reorg) => (reorg.finalTip = ZERO), /^orders\[0\] .*: expected finalTip "0{64}"/],
      [(reorg) => (reorg.blocks.y2.chainwork = ZERO), /^blocks\.y2 .*: expected chainwork "0{64}", got/],
      [(reorg) => (reorg.blocks.y2.hash = ZERO), /expected hash "0{64}"|expected answer/],
      [(reorg) => (reorg.blocks.y2.bits = "207fffff"), /^blocks\.y2 .*: expected bits "207fffff", got/],
      [(reorg) => (reorg.blocks.y2.height = 50), /^blocks\.y2 .*: expected height 50, got height 51/],
      [(reorg) => (reorg.mockTime -= 10_000), /got answer "time-too-new/],
      [(reorg) => (reorg.forkHeight = 48), /^blocks\.x1 .*: expected forkHeight 48, got forkHeight 49$/],
      // What says nothing of any node does not pass.
      [
        (reorg) => {
          delete reorg.orders[0].steps;
          delete reorg.orders[0].finalTip;
          delete reorg.finalTip;
          delete reorg.finalState;
        },
        /^orders\[0\] .*: orders\[0\]: expected "steps" to compare, or a "finalTip", got an object$/,
      ],
      [
        (reorg) => {
          delete reorg.orders;
          delete reorg.finalState;
        },
        /an error: the file: expected "orders" or "steps", got an object$/,
      ],
      [(reorg) => (reorg.orders[0].steps[0].block = "q"), /expected the name of one of "blocks", got "q"/],
      [(reorg) => delete reorg.orders[0].steps[0].tip, /steps\[0\]: expected an object with "tip"/],
    ],
    (change) =>
      firstComplaint(55, (copies) =>
        copies.json("reorg-01-pow-digishield-1v2.json", (reorg) => {
          change(reorg);
          return reorg;
        }),
      ),
  );
});

describe("a final state and draws", () => {
  const inState = (change: Change) =>
    firstComplaint(390, (copies) =>
      copies.json("reorg-07-kamata-nodes.json", (reorg) => {
        change(reorg.finalState);
        return { ...reorg, orders: reorg.orders.slice(0, 1) };
      }),
    );
  eachNamed(
    [
      [
        (state) => (state.confirmed[2][5] += 1),
        /^finalState .*: expected confirmed\[2\] \[.*got confirmed\[2\]/,
      ],
      [(state) => state.started.pop(), /^finalState .*: expected started\.length 2, got started\.length 3$/],
      [(state) => (state.dos[0][1] = 2), /^finalState .*: expected dos\[0\] \[.*,2,324/],
    ],
    inState,
  );

  vectorTest("the draw of a block", () => {
    const complaint = firstComplaint(1_009, (copies) =>
      copies.json("reorg-16-pon-tie-1010.json", (reorg) => {
        reorg.ponHashes.x1.raw = ZERO;
        return reorg;
      }),
    );
    expect(complaint).toMatch(/^blocks\.x1 pon-tie-1010: expected ponHash "0{64}", got ponHash "6c4b/);
  });
});

describe("states and answers of FluxNode methods", () => {
  const copyOf = (name: string, lines: number, change: Change) =>
    firstComplaint(345, (copies) => copies.lines(name, lines, change));

  /** Lines of heights 320 to 343. */
  eachNamed(
    [
      [(lines) => (lines[20].confirmed[0][3] += 1), /^line 21 height 339: expected confirmed\[0\] \[/],
      [(lines) => lines[20].started.pop(), /^line 21 height 339: expected started\.length/],
      [(lines) => (lines[20].started[0][1] -= 1), /^line 21 height 339: expected started\[\d\] \[/],
      [
        (lines) => delete lines[24].winners.cumulus,
        /^line 25 .*: expected winners\.cumulus null, got winners/,
      ],
      [
        (lines) => (lines[24].winners.cumulus[1] = "t"),
        /expected winners\.cumulus \["[0-9a-f]{64}:\d+","t"\]/,
      ],
      [(lines) => (lines[24].height += 1), /^line 25 height 344: expected height 344, got height 343/],
      [(lines) => (lines[24].hash = ZERO), /line 25\.hash: expected a valid block of a chain/],
      [(lines) => (lines[0].nodes[0].tier = 2), /expected started\[0\] \[.*,2,1000000000000,/],
      [
        (lines) => (lines[0].nodes[0].amount = "much"),
        /line 1\.nodes\[0\]\.amount: "much" is no amount of FLUX/,
      ],
      [(lines) => (lines[5].started = 7), /line 6\.started: expected a list, got 7/],
    ],
    (change) => copyOf("fluxnode-states.jsonl", 25, change),
  );

  /** Lines of heights 321, 325 and so on. */
  eachNamed(
    [
      [
        (lines) => (lines[1].rpc.getstartlist[0].expires_in = 3),
        /^line 2 height 325 getstartlist: expected getstartlist\[0\]\.expires_in 3, got .* 56$/,
      ],
      [
        (lines) => (lines[1].rpc.getstartlist[0].payment_address = ""),
        /expected getstartlist\[0\]\.payment_address "", got .* "tm/,
      ],
      [(lines) => (lines[1].rpc.getfluxnodecount.total = 9), /getfluxnodecount\.total 9, got .* 0$/],
      [(lines) => (lines[1].rpc.getmigrationcount[0]["total-old"] = 9), /\["?0"?\]\.total-old 9, got/],
      [(lines) => (lines[1].tipTime += 1), /expected tipTime \d+, got tipTime \d+$/],
      [(lines) => (lines[1].rpc = {}), /line 2\.rpc: expected answers, got an object$/],
      [(lines) => (lines[1].rpc.getinfo = {}), /line 2\.rpc\.getinfo: expected an answer to one of view/],
    ],
    (change) => copyOf("fluxnode-rpc-verbatim.jsonl", 2, change),
  );
});

describe("blocks that were refused", () => {
  const inCase = (change: Change) =>
    firstComplaint(20, (copies) =>
      copies.json("invalid-blocks.json", (cases: Changeable[]) => {
        change(cases[0]);
        return cases.slice(0, 1);
      }),
    );
  eachNamed(
    [
      [
        (each) => (each.result = "bad-cb-amount"),
        /^\[0\] bad-merkle-root height 18: expected verdict "bad-cb-amount", got verdict "bad-txnmrklroot/,
      ],
      [(each) => (each.hash = ZERO), /^\[0\] .*: expected hash "0{64}"/],
      [(each) => (each.height = 17), /expected height 17, got height 18/],
      [(each) => (each.score = 10), /expected score 10, got score 100/],
      [(each) => (each.mockTime = 0), /expected verdict "bad-txnmrklroot", got verdict "time-too-new/],
      [(each) => (each.rpcError = { code: -22 }), /expected unreadable, got a block/],
      [(each) => (each.hex = "00"), /expected a block, got header\.version at byte 0/],
      [(each) => (each.result = 5), /\[0\]\.result: expected a text, got 5/],
    ],
    inCase,
  );

  vectorTest("but that a node takes", () => {
    const chain = new Copies().chain(20);
    const copies = new Copies();
    const refused = copies.lines("chain-a.jsonl", 20, (lines) => {
      const [parent, block] = lines.slice(18);
      lines.splice(0, 20, { ...block, prevHash: parent.hash, mockTime: block.time, result: null });
    });
    expect(complaints(checkFiles([refused, chain]))).toEqual([
      expect.stringMatching(
        /^line 1 height 19: expected tip .*, verdict "refused", got tip .*, verdict "null \(the new tip\)"$/,
      ),
    ]);
  });
});

describe("a pool", () => {
  const inBatch = (change: Change) =>
    firstComplaint(156, (copies) =>
      copies.json("mempool-cases.json", ([batch]: Changeable[]) => {
        change(batch);
        return [batch];
      }),
    );
  eachNamed(
    [
      [
        (batch) => (batch.cases[0].result = { txid: ZERO }),
        /^\[0\]\.cases\[0\] era-157, valid-payment: expected txid "0{64}"/,
      ],
      [
        (batch) => (batch.cases[0].result = { error: { code: -26, message: "no" } }),
        /expected error \{"code":-26,"message":"no"\}, got error nothing$/,
      ],
      [(batch) => (batch.cases[0].inMempoolAfter = false), /expected inMempoolAfter false, got .* true/],
      [(batch) => (batch.cases[0].mempoolSize = 2), /expected mempoolSize 2, got mempoolSize 1/],
      [(batch) => batch.finalMempool.pop(), /^\[0\]\.finalMempool era-157: expected txids \[/],
      [(batch) => (Object.values<Changeable>(batch.finalMempoolVerbose)[0].fee = 1), /\.fee 1, got /],
      [
        (batch) => (Object.values<Changeable>(batch.finalMempoolVerbose)[0].startingpriority *= 1.001),
        /\.startingpriority [\d.e+]+, got /,
      ],
      [
        (batch) => (Object.values<Changeable>(batch.finalMempoolVerbose)[0].currentpriority *= 1.001),
        /\.currentpriority [\d.e+]+, got /,
      ],
      [(batch) => (batch.tipHeight = 3), /\[0\]\.tipHeight: expected 156, the height of tipHash, got 3/],
      [(batch) => (batch.cases[0].hex = "zz"), /\[0\]\.cases\[0\]\.hex: expected hex/],
    ],
    inBatch,
  );
});

describe("forks at a depth, and calls", () => {
  vectorTest("the answer to a fork", () => {
    const complaint = firstComplaint(300, (copies) =>
      copies.json("reorg-depth-limit.json", ({ chain, cases }) => {
        cases[1].result = "inconclusive";
        return { chain, cases: cases.slice(0, 2) };
      }),
    );
    expect(complaint).toMatch(
      /^cases\[1\] fork-depth-40: expected answer "inconclusive", got answer "bad-fork-prior-to-maxreorgdepth/,
    );
  });

  vectorTest("the depth of a fork", () => {
    const complaint = firstComplaint(300, (copies) =>
      copies.json("reorg-depth-limit.json", ({ chain, cases }) => {
        cases[0].depth = 40;
        return { chain, cases: cases.slice(0, 1) };
      }),
    );
    expect(complaint).toMatch(/^cases\[0\] fork-depth-39: expected depth 40, got depth 39$/);
  });

  vectorTest("the tip after a call", () => {
    const complaint = firstComplaint(60, (copies) =>
      copies.json("reorg-invalidateblock.json", ({ chain, cases }) => {
        cases[0].steps[0].tip = cases[0].steps[1].tip;
        return { chain, cases: cases.slice(0, 1) };
      }),
    );
    expect(complaint).toMatch(/^cases\[0\]\.steps\[0\]: expected tip "00bb.*", got tip "00/);
  });
});
