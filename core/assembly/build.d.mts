export const builtFolder: string;
export function buildModules(folder: string): Promise<void>;
export function moduleHashes(folder: string): string;
