import { createRequire } from "node:module";
import { type EquihashClaim, equihashShape } from "@fluxlab/core";
import { test } from "vitest";

// A verifier of others in C++, libsodium's BLAKE2b under it, that knows the twist of (125, 4). `npm run oracles` builds it.

interface FoundationEquihash {
  verify(header: Buffer, solution: Buffer, personalisation: string, n: number, k: number): boolean;
}

function load(): FoundationEquihash | undefined {
  try {
    return createRequire(new URL("../oracles/package.json", import.meta.url))("foundation-equihash");
  } catch {
    return undefined;
  }
}

const native = load();

/** Whether the native verifier accepts a claim of 140 bytes and a solution of the right length; undefined without it. */
export const nativeVerify =
  native &&
  (({ params, input, solution }: EquihashClaim): boolean =>
    native.verify(
      Buffer.from(input.buffer, input.byteOffset, input.length),
      Buffer.from(solution.buffer, solution.byteOffset, solution.length),
      equihashShape(params)!.personalisation,
      params.n,
      params.k,
    ));

type NativeVerify = NonNullable<typeof nativeVerify>;

/** A test against the native verifier. Where it is not built the test is skipped and its title says so; in CI it fails. */
export function nativeTest(
  title: string,
  run: (verify: NativeVerify) => void | Promise<void>,
  timeout?: number,
): void {
  if (nativeVerify !== undefined) {
    test(title, () => run(nativeVerify), timeout);
  } else if (process.env["CI"]) {
    test(title, () => {
      throw new Error("No native verifier, and CI must not skip. Run: npm run oracles");
    });
  } else {
    test.skipIf(true)(`SKIPPED: no native verifier; run npm run oracles: ${title}`, () => {});
  }
}
