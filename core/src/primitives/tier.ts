/** FluxNode tiers in the order fluxd pays and lists them; code = index + 1, 0 means "no tier". */
export const TIERS = ["cumulus", "nimbus", "stratus"] as const;

/** A FluxNode tier. */
export type Tier = (typeof TIERS)[number];

/** Tier codes on the wire and in fluxd's records. Source: fluxd src/fluxnode/fluxnode.h Tier. */
export const TIER_CODE: Readonly<Record<Tier, number>> = { cumulus: 1, nimbus: 2, stratus: 3 };

/** One value per tier. */
export type PerTier<T> = Readonly<Record<Tier, T>>;

/** Builds a {@link PerTier} from a function of the tier. */
export const perTier = <T>(of: (tier: Tier) => T): PerTier<T> => ({
  cumulus: of("cumulus"),
  nimbus: of("nimbus"),
  stratus: of("stratus"),
});
