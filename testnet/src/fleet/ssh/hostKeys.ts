import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { SshHost } from "./inventory.ts";

/** "SHA256:…" of a public key, as OpenSSH prints it. */
const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;

/** What is wrong with the key that a host showed, and how to put it right; undefined: it is the host's. */
export function hostKeyProblem(host: SshHost, key: Buffer): string | undefined {
  const shown = fingerprint(key);
  if (host.hostKey !== undefined) {
    if (shown === host.hostKey.replace(/=+$/, "")) return undefined;
    return `it shows the key ${shown}, not ${host.hostKey}: someone else answers, or its key is new; if you know why, change hostKey`;
  }
  const known = knownKeys(host);
  if (known.some((each) => each.length === key.length && timingSafeEqual(each, key))) return undefined;
  if (known.length > 0)
    return `it shows the key ${shown}, which is not the one in ${host.knownHosts}: someone else answers, or its key is new (ssh-keygen -R "${patternOf(host)}")`;
  return `its key ${shown} is not known: compare it with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then say hostKey: ${shown}, or have it in ${host.knownHosts}`;
}

const patternOf = ({ host, port }: SshHost): string => (port === 22 ? host : `[${host}]:${port}`);

/** Keys that the file of known hosts has of a host. Source: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
function knownKeys(host: SshHost): Buffer[] {
  if (!existsSync(host.knownHosts)) return [];
  const wanted = patternOf(host);
  return readFileSync(host.knownHosts, "utf8")
    .split("\n")
    .flatMap((line) => {
      const [names = "", , key] = line.trim().split(/\s+/);
      // Lines that begin with a mark are of authorities and of keys taken back.
      if (names.startsWith("#") || names.startsWith("@") || key === undefined) return [];
      return names.split(",").some((name) => isName(name, wanted)) ? [Buffer.from(key, "base64")] : [];
    });
}

function isName(pattern: string, wanted: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|([^|]+)$/.exec(pattern) ?? [];
  if (salt === undefined) return pattern === wanted;
  return createHmac("sha1", Buffer.from(salt, "base64")).update(wanted).digest("base64") === hash;
}
