export type * from "./rehearsals.ts";
export type * from "./runs.ts";
export type * from "./testnets.ts";
