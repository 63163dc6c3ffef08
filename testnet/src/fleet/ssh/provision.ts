import { InputError } from "@fluxlab/core/command-line";
import { nodeBinary, nodeParcel, packed } from "../nodeParcel.ts";
import { programParcel } from "../programParcel.ts";
import type { NodeProgram } from "../runner.ts";
import type { SshSession } from "./sshSession.ts";

/**
 * Has a host hold what its nodes run by, sent only if it is not there. Answers with the command that is the agent.
 * @throws InputError naming the host and what it lacks
 */
export async function provision(session: SshSession, say: (text: string) => void): Promise<string> {
  const { host } = session;
  const parcel = await nodeParcel();
  const parcelFolder = await send(session, parcel.key, () => packed(parcel), say);
  let node = host.node;
  if (node === "upload") {
    await sameKind(session, "install Node.js there and name it by node");
    const binary = nodeBinary();
    node = `${await send(session, binary.key, () => packed(binary), say)}/bin/node`;
  }
  const version = await session.must(`${node} --version`, `${node} --version`);
  if (!isNewEnough(version)) {
    throw new InputError(
      `host ${host.name}: ${node} is Node.js ${version.trim()}, and 22.18 or later is needed: name another, or node: upload`,
    );
  }
  return `${node} ${parcelFolder}/bin/flux-agent.mjs`;
}

/** Has a host hold another program of a node; where it lies there. @throws InputError naming what is wrong with it */
export async function provisionProgram(session: SshSession, program: NodeProgram): Promise<NodeProgram> {
  if (program.kind === "fluxd") await sameKind(session, `${program.file} does not run there`);
  const parcel = await programParcel(program);
  const folder = await send(
    session,
    parcel.key,
    () => packed(parcel),
    () => {},
  );
  return { kind: program.kind, file: `${folder}/${parcel.program}` };
}

/** A program of this machine runs on others of its kind only. */
async function sameKind(session: SshSession, fix: string): Promise<void> {
  const kind = (await session.must("uname -s -m", "asking what it is")).trim();
  const arch = process.arch === "x64" ? "x86_64" : process.arch === "arm64" ? "aarch64" : process.arch;
  const own = `${process.platform === "linux" ? "Linux" : process.platform} ${arch}`;
  if (kind === own) return;
  throw new InputError(`host ${session.host.name} is a ${kind} and this machine a ${own}: ${fix}`);
}

/** Half of what was sent is never taken for all of it: it gets its name last. */
async function send(
  session: SshSession,
  key: string,
  archive: () => Promise<string>,
  say: (text: string) => void,
): Promise<string> {
  const folder = `${session.host.dir}/${key}`;
  if ((await session.run(`test -d ${folder}`)).code === 0) return folder;
  say(`host ${session.host.name}: sending ${key}`);
  const unpack = [
    `mkdir -p ${session.host.dir}`,
    `made=$(mktemp -d ${folder}.XXXXXX)`,
    'tar -xzf - -C "$made"',
    `(mv -T "$made" ${folder} 2>/dev/null || { rm -rf "$made"; test -d ${folder}; })`,
  ].join(" && ");
  await session.must(unpack, `receiving ${folder}`, await archive());
  return folder;
}

function isNewEnough(version: string): boolean {
  const [, major = "0", minor = "0"] = /^v(\d+)\.(\d+)/.exec(version.trim()) ?? [];
  return Number(major) > 22 || (Number(major) === 22 && Number(minor) >= 18);
}
