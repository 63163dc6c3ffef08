// Which optional script rules apply, as a set of bits. Source: fluxd src/script/interpreter.h.

/** The optional rules, one bit each. */
export const SCRIPT_FLAG = {
  /** Scripts of the form HASH160 <20> EQUAL run the script they hash. */
  P2SH: 0x001,
  /** Hash types and public keys must be of known form. */
  STRICTENC: 0x002,
  LOW_S: 0x008,
  /** The element CHECKMULTISIG drops must be empty. */
  NULLDUMMY: 0x010,
  SIGPUSHONLY: 0x020,
  /** Pushes and numbers must be in their shortest form. */
  MINIMALDATA: 0x040,
  DISCOURAGE_UPGRADABLE_NOPS: 0x080,
  /** Exactly one element may be left. */
  CLEANSTACK: 0x100,
  CHECKLOCKTIMEVERIFY: 0x200,
} as const;

/** A union of {@link SCRIPT_FLAG} bits. */
export type ScriptFlags = number;

/** In blocks, at every height. Source: fluxd src/main.cpp ConnectBlock. */
export const BLOCK_SCRIPT_FLAGS: ScriptFlags = SCRIPT_FLAG.P2SH | SCRIPT_FLAG.CHECKLOCKTIMEVERIFY;

/** Breaking one of these is misbehaviour, not a matter of policy. Source: fluxd src/policy/policy.h, src/script/standard.h. */
export const MANDATORY_SCRIPT_FLAGS: ScriptFlags = SCRIPT_FLAG.P2SH;

/** In the mempool. Source: fluxd src/script/standard.h STANDARD_SCRIPT_VERIFY_FLAGS. */
export const STANDARD_SCRIPT_FLAGS: ScriptFlags =
  BLOCK_SCRIPT_FLAGS |
  SCRIPT_FLAG.STRICTENC |
  SCRIPT_FLAG.LOW_S |
  SCRIPT_FLAG.NULLDUMMY |
  SCRIPT_FLAG.MINIMALDATA |
  SCRIPT_FLAG.DISCOURAGE_UPGRADABLE_NOPS |
  SCRIPT_FLAG.CLEANSTACK;
