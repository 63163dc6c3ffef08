import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { InputError } from "@fluxlab/core/command-line";
import type Docker from "dockerode";
import { librariesOf } from "../libraries.ts";
import { type NodeParcel, nodeBinary, nodeParcel } from "../nodeParcel.ts";
import { statusOf } from "./engine.ts";

// The image that nodes run in: from nothing, with this machine's Node.js and its libraries, so that no registry is needed; or on an image
// that has a Node.js of its own.

/** Where the parcel lies in the image. */
const PARCEL = "/flux-lab";
/** Where a node's program lies that is not the image's; one a container. */
export const PROGRAM_FOLDER = "/other";
const LABELS = { "flux-lab.image": "node" };

/** What changes packets in a container; without them a container has its link proxies alone. */
const TOOLS = ["/usr/sbin/nft", "/usr/sbin/tc", "/sbin/tc"];
/** Read at run time, so no library of anything. */
const READ = ["/etc/nsswitch.conf", "/etc/ssl/openssl.cnf"];

/**
 * The name of the engine's image of this checkout's node; built if it is not there. `base`: an image with Node.js 22.18 or later.
 * @throws InputError if it cannot be built
 */
export async function nodeImage(
  docker: Docker,
  base: string | undefined,
  say: (text: string) => void,
): Promise<string> {
  const parcel = await nodeParcel();
  const files = base === undefined ? await filesOfThisMachine() : [];
  const content = createHash("sha256").update(JSON.stringify([parcel.key, base, nodeBinary().key, files]));
  const name = `flux-lab-node:${content.digest("hex").slice(0, 16)}`;
  if (await isThere(docker, name)) return name;
  if (base !== undefined && !(await isThere(docker, base)))
    throw new InputError(
      `--image ${base}: the engine has no image of this name: docker pull ${base}, or leave it out`,
    );
  say(`building image ${name}`);
  await build(docker, name, parcel, base, files);
  return name;
}

async function isThere(docker: Docker, image: string): Promise<boolean> {
  try {
    await docker.getImage(image).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

/** Node.js, what changes packets, and every library that they load. */
async function filesOfThisMachine(): Promise<readonly string[]> {
  if (process.platform !== "linux")
    throw new InputError(
      "nodes in containers need a Linux with Node.js: name an image that has it by --image node:24-slim",
    );
  const programs = [process.execPath, ...TOOLS.filter(existsSync)];
  const found = await Promise.all(programs.map(librariesOf));
  return [...new Set([...programs.slice(1), ...found.flat(), ...READ.filter(existsSync)])].sort();
}

async function build(
  docker: Docker,
  name: string,
  parcel: NodeParcel,
  base: string | undefined,
  files: readonly string[],
): Promise<void> {
  const context = mkdtempSync(join(tmpdir(), "flux-lab-image-"));
  try {
    const root = join(context, "root");
    for (const folder of ["tmp", "node", "run", PROGRAM_FOLDER])
      mkdirSync(join(root, folder), { recursive: true });
    cpSync(parcel.folder, join(root, PARCEL), { recursive: true });
    if (base === undefined) {
      copy(process.execPath, join(root, "usr/bin/node"));
      for (const file of files) copy(file, join(root, file));
      mkdirSync(join(root, "etc"), { recursive: true });
      writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/node:/sbin/nologin\n");
    }
    writeFileSync(join(context, "Dockerfile"), dockerfile(base));
    await buildFrom(docker, context, name);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(realpathSync(from), to);
}

const dockerfile = (base = "scratch"): string =>
  [
    `FROM ${base}`,
    "COPY root/ /",
    "WORKDIR /node",
    "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    `ENTRYPOINT ["node", "${PARCEL}/bin/flux-agent.mjs"]`,
    "",
  ].join("\n");

async function buildFrom(docker: Docker, context: string, name: string): Promise<void> {
  const tar = spawn("tar", ["-C", context, "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
  const stream = await docker.buildImage(tar.stdout, { t: name, labels: LABELS, forcerm: true });
  const failure = await new Promise<string | undefined>((resolve, reject) => {
    docker.modem.followProgress(stream, (error, lines: readonly { error?: string }[]) => {
      if (error !== null) reject(error);
      else resolve(lines.find((line) => line.error !== undefined)?.error);
    });
  });
  if (failure === undefined) return;
  const full = /no space left/i.test(failure)
    ? "the engine's disk is full: make room (docker system prune)"
    : "";
  throw new InputError(`image ${name} could not be built: ${full} ${failure}`);
}
