import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

// A fluxd that came from another machine, with its libraries beside it.

/** Where it lies in its parcel. */
export const PACKED_FLUXD = "bin/fluxd";

/** The folder of the libraries that came with a fluxd. */
export const packedLibraries = (fluxd: string): string => join(dirname(fluxd), "libraries");

/** The loader among the libraries of a program, of glibc or of musl. */
const LOADER = /^ld-/;

/** The command that it is: its own loader starts it, so that nothing depends on what the place has. */
export function packedFluxdCommand(fluxd: string): readonly string[] {
  const libraries = packedLibraries(fluxd);
  const loader = existsSync(libraries) ? readdirSync(libraries).find((name) => LOADER.test(name)) : undefined;
  return loader === undefined ? [fluxd] : [join(libraries, loader), "--library-path", libraries, fluxd];
}
