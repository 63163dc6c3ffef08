import { PacketFaults, type PacketRule } from "@fluxlab/testnet/fleet";
import fc from "fast-check";
import { expect, test } from "vitest";

/** Places of nodes that note which rules they have; `failing`: those that cannot have any. */
function places(addresses: readonly string[], failing: readonly number[] = []) {
  const rules = new Map<number, readonly PacketRule[]>();
  const filter = async ({ index }: { index: number }, wanted: readonly PacketRule[]) => {
    if (failing.includes(index) && wanted.length > 0) throw new Error(`place ${index} refuses`);
    rules.set(index, wanted);
  };
  const faults = new PacketFaults(
    { filter } as never,
    (index) => ({ index, listen: `${addresses[index]}:1` }) as never,
  );
  return { rules, faults };
}

const ADDRESSES = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
const PAIRS = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

test("whatever faults overlap and end in whatever order, each place has the rules of those that last", async () => {
  const fault = fc.record({
    pairs: fc.uniqueArray(fc.constantFrom(...PAIRS), { minLength: 1 }),
    loss: fc.nat(9),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 5 }), fc.infiniteStream(fc.nat()), async (all, picks) => {
      const { rules, faults } = places(ADDRESSES);
      const lasting: { pairs: readonly (readonly [number, number])[]; loss: number; end(): Promise<void> }[] =
        [];
      const check = () => {
        for (const node of [0, 1, 2]) {
          const wanted = lasting.flatMap(({ pairs, loss }) =>
            pairs.flatMap((pair) => {
              if (!pair.includes(node)) return [];
              const from = ADDRESSES[pair[0] === node ? pair[1] : pair[0]]!;
              return [loss === 0 ? { kind: "drop", from } : { kind: "loss", from, perMillion: loss }];
            }),
          );
          expect(rules.get(node) ?? []).toEqual(wanted);
        }
      };
      for (const { pairs, loss } of all) {
        const wrong = { lossPerMillion: loss, bytesPerSecond: 0, latencyMs: 0, jitterMs: 0 };
        const end = await (loss === 0 ? faults.cut(pairs) : faults.trouble(pairs, wrong));
        lasting.push({ pairs, loss, end });
        check();
      }
      while (lasting.length > 0) {
        const [ended] = lasting.splice(picks.next().value! % lasting.length, 1);
        await ended!.end();
        check();
      }
    }),
    { numRuns: 50 },
  );
});

test("a fault that one place refuses is at none", async () => {
  const { rules, faults } = places(ADDRESSES, [2]);
  await expect(faults.cut(PAIRS)).rejects.toThrow("place 2 refuses");
  expect([...rules.values()].flat()).toEqual([]);
});

test("nodes that share an address are not told apart", async () => {
  const { faults } = places(["10.0.0.1", "10.0.0.1", "10.0.0.3"]);
  expect([faults.tells([0, 1]), faults.tells([1, 2])]).toEqual([false, true]);
  await expect(faults.cut([[0, 1]])).rejects.toThrow("packets: kernels cannot tell these nodes apart");
});
