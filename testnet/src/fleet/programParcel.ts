import { fluxdParcel } from "./fluxd/fluxdParcel.ts";
import { type NodeParcel, once, versionParcel } from "./nodeParcel.ts";
import type { NodeProgram } from "./runner.ts";

/**
 * The parcel of a program that is not this checkout's node.
 * @throws InputError if it cannot go to another place
 */
export const programParcel = ({ kind, file }: NodeProgram): Promise<NodeParcel> =>
  once(file, () => (kind === "fluxd" ? fluxdParcel(file) : versionParcel(file)));
