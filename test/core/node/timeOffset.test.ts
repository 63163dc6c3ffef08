import { TimeOffset } from "@fluxlab/core";
import { describe, expect, test } from "vitest";
import { ip } from "../../support/ip.ts";

/** The offset after each of some peers, each with an IP of its own, said how far ahead it is. */
function heard(...samples: number[]): TimeOffset {
  const offset = new TimeOffset();
  for (const [i, sample] of samples.entries()) offset.add(ip(`1.2.${i >> 8}.${i & 255}`), sample);
  return offset;
}

describe("the time offset", () => {
  test("is the median of five samples or more, one of which is our own 0", () => {
    expect(heard(10, 20, 30).offset).toBe(0);
    expect(heard(10, 20, 30, 40).offset).toBe(20);
    expect(heard(-10, -20, -30, -40).offset).toBe(-20);
  });

  test("changes only when their number is odd", () => {
    expect(heard(10, 20, 30, 40, 50).offset).toBe(20);
    expect(heard(10, 20, 30, 40, 50, 60).offset).toBe(30);
  });

  test("counts an IP once", () => {
    const offset = heard(10, 20, 30);
    offset.add(ip("1.2.0.0"), 99);
    expect(offset.offset).toBe(0);
    offset.add(ip("9.9.9.9"), 99);
    expect(offset.offset).toBe(20);
  });

  test("is not moved by 70 minutes or more, and doubts the clock if nobody else is near it", () => {
    const far = 70 * 60;
    expect(heard(far - 1, far - 1, far - 1, far - 1).offset).toBe(far - 1);
    const doubted = heard(far, far, far, far);
    expect([doubted.offset, doubted.clockDoubted]).toEqual([0, true]);
    expect(heard(far, far, far, 299).clockDoubted).toBe(false);
    expect(heard(far, far, far, 300).clockDoubted).toBe(true);
  });

  test("hears 199 peers and no more", () => {
    const samples = Array.from({ length: 199 }, (_, i) => i);
    const { offset } = heard(...samples);
    expect(offset).toBe(98);
    expect(heard(...samples, ...samples.map(() => 4_000)).offset).toBe(98);
  });
});
