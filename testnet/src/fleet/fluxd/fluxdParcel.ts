import { cpSync, mkdirSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { librariesOf } from "../libraries.ts";
import { type NodeParcel, parcelOf } from "../nodeParcel.ts";
import { PACKED_FLUXD, packedLibraries } from "./packedFluxd.ts";

/**
 * A fluxd of this machine with the libraries that it loads, for machines of its kind, whatever those have installed.
 * @throws InputError naming a library that is missing
 */
export const fluxdParcel = (fluxd: string): Promise<NodeParcel> =>
  parcelOf(PACKED_FLUXD, async (folder) => {
    const program = join(folder, PACKED_FLUXD);
    const libraries = packedLibraries(program);
    mkdirSync(libraries, { recursive: true });
    for (const file of await librariesOf(fluxd)) cpSync(realpathSync(file), join(libraries, basename(file)));
    cpSync(realpathSync(fluxd), program);
  });
