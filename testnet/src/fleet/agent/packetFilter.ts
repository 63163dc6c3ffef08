import { createHash } from "node:crypto";
import { networkInterfaces } from "node:os";
import { InputError } from "@fluxlab/core/command-line";
import { runCommandLine } from "../runCommandLine.ts";
import type { PacketRule } from "../runner.ts";
import type { PacketScope } from "./orders.ts";

// What the kernel of a node's place does with packets: nft (or iptables) loses those that come in, tc slows those that go out. Both are set
// as a whole each time, under names of the testnet's own, so that nothing of the host's is touched and nothing is left.

type Shape = Extract<PacketRule, { kind: "shape" }>;

/**
 * Replaces the rules of a testnet on this machine; an empty list takes them away.
 * @throws InputError naming what the kernel or the user lacks
 */
export async function setPacketRules(
  rules: readonly PacketRule[],
  { own, testnet, sudo, spare }: PacketScope,
): Promise<void> {
  const name = `fluxlab_${createHash("sha256").update(testnet).digest("hex").slice(0, 8)}`;
  const run = (command: readonly string[], input = "") =>
    runCommandLine([...(sudo ? ["sudo", "-n"] : []), ...command], undefined, input);
  const losing = rules.filter((rule) => rule.kind !== "shape");
  const shapes = rules.filter((rule) => rule.kind === "shape");
  await lose(losing, spare, name, run);
  await shape(shapes, own, run);
}

type Loss = Exclude<PacketRule, Shape>;
type Run = (command: readonly string[], input?: string) => ReturnType<typeof runCommandLine>;

async function lose(rules: readonly Loss[], spare: readonly number[], name: string, run: Run): Promise<void> {
  const { code, stderr } = await run(["nft", "-f", "-"], nftScript(rules, spare, name));
  if (code === 0) return;
  if (code !== 127) throw refused("nft", stderr);
  const iptables = await setByIptables(rules, spare, name, run);
  if (iptables.code === 127) {
    if (rules.length === 0) return;
    throw new InputError("packets: neither nft nor iptables is installed here: install nftables");
  }
  if (iptables.code !== 0) throw refused("iptables", iptables.stderr);
}

/** Deleting needs something there to delete. */
function nftScript(rules: readonly Loss[], spare: readonly number[], name: string): string {
  const clean = `table inet ${name} {}\ndelete table inet ${name}\n`;
  if (rules.length === 0) return clean;
  const lines = rules.map((rule) => {
    const chance = rule.kind === "drop" ? "" : ` numgen random mod 1000000 < ${rule.perMillion}`;
    return `    ip saddr ${rule.from}${chance} drop\n`;
  });
  const spared = spare.map((port) => `    tcp sport ${port} accept\n    tcp dport ${port} accept\n`);
  const chain = ["    type filter hook input priority 0; policy accept;\n", ...spared, ...lines].join("");
  return `${clean}table inet ${name} {\n  chain input {\n${chain}  }\n}\n`;
}

async function setByIptables(
  rules: readonly Loss[],
  spare: readonly number[],
  name: string,
  run: Run,
): ReturnType<Run> {
  await run(["iptables", "-w", "-D", "INPUT", "-j", name]);
  await run(["iptables", "-w", "-F", name]);
  const last = await run(["iptables", "-w", "-X", name]);
  if (rules.length === 0 || last.code === 127) return { ...last, code: last.code === 127 ? 127 : 0 };
  const commands = [
    ["-N", name],
    ...spare.flatMap((port) =>
      ["--sport", "--dport"].map((end) => ["-A", name, "-p", "tcp", end, String(port), "-j", "RETURN"]),
    ),
    ...rules.map((rule) => [
      ...["-A", name, "-s", rule.from],
      ...(rule.kind === "drop"
        ? []
        : ["-m", "statistic", "--mode", "random", "--probability", String(rule.perMillion / 1_000_000)]),
      ...["-j", "DROP"],
    ]),
    ["-I", "INPUT", "-j", name],
  ];
  for (const command of commands) {
    const done = await run(["iptables", "-w", ...command]);
    if (done.code !== 0) return done;
  }
  return last.code === 127 ? last : { ...last, code: 0 };
}

/** Bits a second where only the delay is limited: tc's classes have a rate. */
const UNLIMITED = "10gbit";

/** A class an address below one root; what goes elsewhere, such as the controller's connection, is not slowed. */
async function shape(shapes: readonly Shape[], own: string, run: Run): Promise<void> {
  const device = deviceOf(own);
  if (device === undefined) {
    if (shapes.length === 0) return;
    throw new InputError(`packets: no network device here has the address ${own}: name it in the inventory`);
  }
  const tc = (...args: string[]) => run(["tc", ...args]);
  const shaped = (await tc("qdisc", "show", "dev", device, "root")).stdout.includes(`qdisc htb ${HANDLE}`);
  if (shaped) await must(tc("qdisc", "del", "dev", device, "root"));
  if (shapes.length === 0) return;
  await must(tc("qdisc", "add", "dev", device, "root", "handle", HANDLE, "htb"));
  for (const [i, { to, bytesPerSecond, latencyMs, jitterMs }] of shapes.entries()) {
    const minor = (i + 1).toString(16);
    const rate = bytesPerSecond > 0 ? `${bytesPerSecond * 8}bit` : UNLIMITED;
    await must(
      tc("class", "add", "dev", device, "parent", HANDLE, "classid", HANDLE + minor, "htb", "rate", rate),
    );
    await must(
      tc(
        ...["filter", "add", "dev", device, "parent", HANDLE, "protocol", "ip", "u32"],
        ...["match", "ip", "dst", `${to}/32`, "flowid", HANDLE + minor],
      ),
    );
    if (latencyMs === 0 && jitterMs === 0) continue;
    const delay = ["netem", "delay", `${latencyMs}ms`, ...(jitterMs > 0 ? [`${jitterMs}ms`] : [])];
    const added = await tc("qdisc", "add", "dev", device, "parent", HANDLE + minor, ...delay);
    if (added.code === 0) continue;
    await tc("qdisc", "del", "dev", device, "root");
    throw new InputError(
      `packets: the kernel here has no netem, so it cannot delay packets (${added.stderr.trim()}): say links, whose proxies delay, instead of packets`,
    );
  }
}

/** Of the root of our classes. */
const HANDLE = "f1c:";

async function must(running: ReturnType<Run>): Promise<void> {
  const { code, stderr } = await running;
  if (code === 127) throw new InputError("packets: tc is not installed here: install iproute2");
  if (code !== 0) throw refused("tc", stderr);
}

function deviceOf(own: string): string | undefined {
  const devices = Object.entries(networkInterfaces());
  return devices.find(([, addresses]) => addresses?.some(({ address }) => address === own))?.[0];
}

const refused = (tool: string, stderr: string): InputError =>
  new InputError(
    `packets: ${tool} refused, so packets cannot be changed here (root or sudo: true in the inventory is needed): ${stderr.trim()}`,
  );
