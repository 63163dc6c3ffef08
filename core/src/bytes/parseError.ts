/**
 * Why bytes from outside could not be read: a value that parsers return, never something thrown. `field` is the path of the
 * field that failed ("transactions[3].inputs[0].scriptSig"), `offset` the byte of the input where what failed begins.
 */
export class ParseError {
  readonly offset: number;
  readonly field: string;
  readonly reason: ParseFailure;

  constructor(offset: number, field: string, reason: ParseFailure) {
    this.offset = offset;
    this.field = field;
    this.reason = reason;
  }

  /** Field, offset and reason in one line, for people. */
  toString(): string {
    return `${this.field} at byte ${this.offset}: ${PARSE_FAILURES[this.reason]}`;
  }
}

/** Every way in which bytes can fail to be a Flux object, with its text for people. */
const PARSE_FAILURES = {
  /** fluxd src/streams.h: "CDataStream::read(): end of data". */
  endOfData: "end of data",
  /** fluxd src/serialize.h ReadCompactSize: "non-canonical ReadCompactSize()". */
  nonCanonicalSize: "size is not in its shortest form",
  /** Same function: "ReadCompactSize(): size too large". */
  sizeTooLarge: "size is above 33554432",
  /** fluxd src/primitives/transaction.h: "Unknown transaction format". */
  unknownTransactionFormat: "unknown transaction format",
  /** fluxd src/pubkey.h CPubKey::Unserialize would read memory it never set; treated as unreadable. */
  publicKeyTooShort: "public key is shorter than its first byte says",
  /** fluxd src/flux/Proof.hpp: a compressed PHGR13 point begins with 2 or 3 (with 10 or 11 in the second group). */
  badProofPoint: "lead byte of a proof point is not valid",
  /** A version, opcode or kind byte that the format does not define. For formats of the lab; fluxd's have their own. */
  unknownValue: "value is none that the format defines",
  /** A whole object was expected and bytes follow it. Only callers that frame one object a message ask for this. */
  trailingData: "bytes follow the end of the object",
} as const;

/** Names of what can be wrong with bytes. */
export type ParseFailure = keyof typeof PARSE_FAILURES;
