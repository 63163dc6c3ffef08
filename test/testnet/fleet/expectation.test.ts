import { describeVerdict, ExpectationWatch, type Figures, parseExpectation } from "@fluxlab/testnet/fleet";
import { describe, expect, test } from "vitest";

const REST = { peers: 0, reorganised: 0, refused: 0, banned: 0 };

/** Nodes at these heights; undefined: it does not run. */
function figures(...heights: (number | undefined)[]): Figures {
  const nodes = heights.flatMap((height, node) =>
    height === undefined ? [] : [[node, { height, ...REST }] as const],
  );
  return {
    nodes: new Map(nodes),
    network: { tips: new Set(nodes.map(([, { height }]) => height)).size, running: nodes.length },
  };
}

describe("a sentence", () => {
  test("is taken apart", () => {
    expect(parseExpectation("height >= 20 on all within 1.5 min")).toEqual({
      text: "height >= 20 on all within 1.5 min",
      figure: "height",
      comparison: ">=",
      value: 20,
      target: "all",
      when: { when: "within", from: 0, until: 90_000 },
    });
    expect(parseExpectation("tips ≤ 1 from 30 s within 20 s")).toMatchObject({
      comparison: "<=",
      target: undefined,
      when: { when: "within", from: 30_000, until: 50_000 },
    });
    expect(parseExpectation("peers = 3 on node 12 at 250 ms")).toMatchObject({
      target: 12,
      when: { when: "at", at: 250 },
    });
    expect(parseExpectation("running >= 2 at the end")?.when).toEqual({ when: "end" });
    expect(parseExpectation("banned = 0 on any always")?.when).toEqual({ when: "always" });
  });

  test.each([
    "height > 20 on all within 60 s",
    "height >= 20 within 60 s", // whose?
    "tips = 1 on all within 60 s", // a figure of the network
    "weight >= 20 on all within 60 s",
    "height >= 20 on all within 60 parsecs",
    "height >= 20 on all from 3 s",
    "height >= 20 on all",
    "",
  ])("%j is none", (text) => {
    expect(parseExpectation(text)).toBeUndefined();
  });
});

describe("a watch", () => {
  function watched(text: string, ...moments: readonly [at: number, figures: Figures][]): string {
    const watch = new ExpectationWatch(parseExpectation(text)!);
    moments.forEach(([at, each], i) => {
      watch.look(at, each, i === moments.length - 1);
    });
    return describeVerdict(watch.verdict);
  }

  test("within: the first moment at which it holds decides, or the last", () => {
    const text = "height >= 5 on all within 10 s";
    expect(watched(text, [1_000, figures(5, 4)], [2_000, figures(5, 6)], [3_000, figures(0)])).toBe(
      "met after 2.0 s",
    );
    expect(watched(text, [9_900, figures(5, 4)], [10_000, figures(5, 4)], [10_100, figures(5, 5)])).toBe(
      "failed after 10.0 s: height node 0: 5, node 1: 4",
    );
    expect(watched(text, [3_000, figures(4)])).toBe("failed after 3.0 s: height node 0: 4");
  });

  test("within, from: what was before does not count", () => {
    const text = "tips = 1 from 5 s within 5 s";
    expect(watched(text, [4_900, figures(5, 5)], [5_100, figures(5, 6)], [6_000, figures(6, 6)])).toBe(
      "met after 6.0 s",
    );
  });

  test("at: that moment decides", () => {
    const text = "tips = 2 at 3 s";
    expect(watched(text, [2_000, figures(1, 2)], [3_100, figures(2, 2)], [4_000, figures(1, 2)])).toBe(
      "failed after 3.1 s: tips = 1",
    );
    expect(watched(text, [2_000, figures(1, 2)])).toBe("failed after 2.0 s: tips = 2");
  });

  test("always: one moment is enough to fail", () => {
    const text = "running = 2 always";
    expect(
      watched(text, [1_000, figures(1, 1)], [2_000, figures(1, undefined)], [3_000, figures(1, 1)]),
    ).toBe("failed after 2.0 s: running = 1");
    expect(watched(text, [1_000, figures(1, 1)], [3_000, figures(1, 1)])).toBe("met after 3.0 s");
  });

  test("at the end: only the end counts", () => {
    const text = "height = 7 on node 1 at the end";
    expect(watched(text, [1_000, figures(1, 1)], [3_000, figures(1, 7)])).toBe("met after 3.0 s");
    expect(watched(text, [1_000, figures(1, 7)], [3_000, figures(1, undefined)])).toBe(
      "failed after 3.0 s: height node 1: does not run",
    );
  });

  test("any, and a network of which nothing runs", () => {
    expect(watched("height = 7 on any at the end", [1, figures(1, 7)])).toBe("met after 0.0 s");
    expect(watched("height = 0 on all at the end", [1, figures()])).toContain("of no node: none runs");
  });
});
