export const builtFolder: string;
export function buildModules(folder: string): void;
export function moduleHashes(folder: string): string;
