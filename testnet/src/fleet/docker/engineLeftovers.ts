import { resolve } from "node:path";
import type Docker from "dockerode";
import type { PlaceRecord } from "../registry.ts";
import { LABEL, openEngine, statusOf } from "./engine.ts";

/**
 * Takes away all that a testnet has at its engine; answers with how many containers there were. An engine that nobody says has something
 * of it need not be there.
 * @throws InputError if the record names an engine that does not answer
 */
export async function removeTestnet(
  root: string,
  name: string,
  place: PlaceRecord | undefined,
): Promise<number> {
  const docker = await engineOf(place);
  return docker === undefined ? 0 : removeLabelled(docker, root, name);
}

/** Testnets of a root that the engine has containers or networks of. No engine has none. */
export async function testnetsOnEngine(root: string): Promise<readonly string[]> {
  const docker = await engineOf(undefined);
  if (docker === undefined) return [];
  const filters = { label: [`${LABEL.root}=${resolve(root)}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const networks = await docker.listNetworks({ filters: JSON.stringify(filters) as never });
  return [...containers, ...networks].flatMap(({ Labels }) => Labels?.[LABEL.testnet] ?? []);
}

async function engineOf(place: PlaceRecord | undefined): Promise<Docker | undefined> {
  if (place?.kind === "docker") return openEngine(place.engine);
  try {
    return await openEngine();
  } catch {
    return undefined;
  }
}

/** Containers first: a network that is in use stays. */
export async function removeLabelled(docker: Docker, root: string, name: string): Promise<number> {
  const filters = { label: [`${LABEL.root}=${resolve(root)}`, `${LABEL.testnet}=${name}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(
    containers.map(({ Id }) => unlessGone(() => docker.getContainer(Id).remove({ force: true, v: true }))),
  );
  const networks = await docker.listNetworks({ filters: JSON.stringify(filters) as never });
  for (const { Id } of networks) await unlessGone(() => docker.getNetwork(Id).remove());
  return containers.length;
}

/** Someone else may be taking it away. */
async function unlessGone(remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    const status = statusOf(error);
    if (status !== 404 && status !== 409) throw error;
  }
}
