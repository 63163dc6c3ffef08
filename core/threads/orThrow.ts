import type { HostLack } from "@fluxlab/core";

/** What was loaded. @throws Error on an engine that lacks something; those that run this project lack nothing */
export function orThrow<T>(loaded: T | HostLack): T {
  if (typeof loaded === "string") throw new Error(`This engine lacks ${loaded}`);
  return loaded as T;
}
