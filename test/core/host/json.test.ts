import { FluxAmount, JsonMembers, JsonReal, jsonText } from "@fluxlab/core/host";
import { expect, test } from "vitest";

// As C's printf("%.16g") prints them, which is how fluxd's RPC does.
test.each([
  [0, "0"],
  [1, "1"],
  [-1, "-1"],
  [0.1, "0.1"],
  [1 / 3, "0.3333333333333333"],
  [0.1423031240025101, "0.1423031240025101"],
  [0.0001, "0.0001"],
  [0.00001, "1e-05"],
  [1.5e-10, "1.5e-10"],
  [123456789012345680, "1.234567890123457e+17"],
  [1e15, "1000000000000000"],
  [1e16, "1e+16"],
  [2 ** 53, "9007199254740992"],
  [1e100, "1e+100"],
])("%d prints as %s", (value, text) => {
  expect(jsonText(new JsonReal(value))).toBe(text);
});

test("members keep their order, and names may repeat", () => {
  const members = new JsonMembers([
    ["b", 1],
    ["a", new FluxAmount(150_000_000n)],
    ["b", [true, null]],
  ]);
  expect(jsonText(members)).toBe('{"b":1,"a":1.50000000,"b":[true,null]}');
  expect(jsonText(new JsonMembers([]))).toBe("{}");
});
