// Sizes and thresholds of consensus that no network changes. Source: fluxd src/consensus/consensus.h.

/** Also the limit of one transaction from Acadia on, and of the number of transactions in a block. */
export const MAX_BLOCK_BYTES = 2_000_000;
/** Size limit of a transaction from Acadia on. */
export const MAX_TRANSACTION_BYTES = 2_000_000;
/** Size limit of a transaction before Acadia. */
export const MAX_TRANSACTION_BYTES_BEFORE_ACADIA = 100_000;
/** Most transactions in a block. */
export const MAX_BLOCK_TRANSACTIONS = 2_000_000;
/** Most signature operations in a block. */
export const MAX_BLOCK_SIGOPS = 20_000;

/** Expiry heights must stay below it. */
export const EXPIRY_HEIGHT_LIMIT = 500_000_000;

/** The coinbase script holds 2 to 100 bytes. Source: fluxd src/main.cpp CheckTransactionWithoutProofVerification. */
export const MIN_COINBASE_SCRIPT_BYTES = 2;
/** Longest script of a coinbase. */
export const MAX_COINBASE_SCRIPT_BYTES = 100;

/** Up to this height the coinbase need not name its height. Source: fluxd src/main.cpp ContextualCheckBlock. */
export const LAST_HEIGHT_WITHOUT_PUSH = 20;

/** Lowest block version, signed. Source: fluxd src/consensus/consensus.h MIN_BLOCK_VERSION. */
export const MIN_BLOCK_VERSION = 4;

/** All signatures of an emergency block with their lengths. Source: fluxd src/consensus/consensus.h MAX_EMERGENCY_BLOCK_SIG_SIZE. */
export const MAX_EMERGENCY_SIGNATURE_BYTES = 512;
