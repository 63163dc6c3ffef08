import { BanList } from "@fluxlab/core";
import { describe, expect, test } from "vitest";
import { ip } from "../../support/ip.ts";

const [a, b] = [ip("1.2.3.4"), ip("1.2.3.5")];

describe("bans", () => {
  test("hold for one address until their time is up", () => {
    const bans = new BanList();
    bans.ban(a, 100);
    expect([bans.isBanned(a, 99), bans.isBanned(a, 100), bans.isBanned(b, 99)]).toEqual([true, false, false]);
  });

  test("are made longer and never shorter", () => {
    const bans = new BanList();
    bans.ban(a, 100);
    bans.ban(a, 50);
    bans.ban(b, 50);
    bans.ban(b, 120);
    expect(bans.bans(0)).toEqual([
      { ip: a, until: 100 },
      { ip: b, until: 120 },
    ]);
    expect(bans.bans(100)).toEqual([{ ip: b, until: 120 }]);
  });

  test("can be lifted one by one and all at once", () => {
    const bans = new BanList();
    bans.ban(a, 100);
    expect([bans.lift(a), bans.lift(a), bans.isBanned(a, 0)]).toEqual([true, false, false]);
    bans.ban(b, 100);
    bans.clear();
    expect(bans.bans(0)).toEqual([]);
  });
});
