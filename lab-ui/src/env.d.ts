declare module "virtual:library" {
  import type { LibraryEntry } from "./backend/library.ts";

  /** The scenarios that come with the lab, the default first; vite.config.ts makes it. */
  export const library: readonly LibraryEntry[];
}
