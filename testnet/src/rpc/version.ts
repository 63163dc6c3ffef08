/** What results call the daemon's version: the fluxd whose shapes they have. Source: fluxd src/clientversion.h, 9.0.6. */
export const REFERENCE_VERSION = 9_000_650;
