/** "10.0.0.1" of "10.0.0.1:16125". */
export const hostOf = (endpoint: string): string => endpoint.slice(0, endpoint.lastIndexOf(":"));

/** 16125 of "10.0.0.1:16125". */
export const portOfEndpoint = (endpoint: string): number =>
  Number(endpoint.slice(endpoint.lastIndexOf(":") + 1));
