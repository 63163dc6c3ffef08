// Installs what tests of testnets on other machines run: a container engine, sshd and what changes packets: npm run machines
//
// They are programs of the system, so `npm ci` cannot bring them: as root on Debian they are installed here, elsewhere the tests that
// want them are SKIPPED with what is missing.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";

/** Each: a program, and Debian's package that has it. */
const PROGRAMS = [
  ["/usr/sbin/dockerd", "docker.io"],
  ["/usr/sbin/iptables", "iptables"],
  ["/usr/sbin/nft", "nftables"],
  ["/usr/sbin/tc", "iproute2"],
  ["/usr/sbin/sshd", "openssh-server"],
];

function run(command, args) {
  console.error(`[machines] ${command} ${args.join(" ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(command, args, { stdio: ["ignore", 2, 2], env }).status === 0;
}

const missing = PROGRAMS.filter(([file]) => !existsSync(file)).map(([, name]) => name);
if (missing.length > 0) {
  const command = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  const mayInstall =
    process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  const installed =
    mayInstall &&
    run("apt-get", ["update"]) &&
    run("apt-get", ["install", "-y", "--no-install-recommends", ...missing]);
  if (!installed) {
    console.error(
      `[machines] missing: ${missing.join(", ")}; tests on such machines will be SKIPPED. On Debian run: sudo ${command}`,
    );
  }
}
