import type { BlockHash } from "@fluxlab/core";

// Kinds of events, in the order in which they come at one moment. The payload is a link or nothing.
export const MINED = 0;
/** A letter, which is the payload, has come to the end of a connection, which is the target. */
export const ARRIVED = 1;
export const CLOSED = 2;
/** Somebody opens a connection to the target. */
export const CALLED = 3;
/** The target's call was answered. */
export const ANSWERED = 4;
export const WAKE = 5;
/** A connection is opened once more; the payload is a slot of the topology. */
export const REDIAL = 6;
/** Somebody from outside does something to the world. */
export const INTERFERENCE = 7;

// What a payload says of a letter besides its number, which is above that.
export const UNREADABLE = 1;
/** Does not count as under way: it was counted before, or is an announcement. */
export const UNWEIGHED = 2;
export const LETTER = 4;

/** Digest rows that are no events. */
export const TIP_ROW = 0xffff_ffff;

/** The first four bytes as shown to people end in zeros of proof of work; the last four do not. */
export const firstWord = (hash: BlockHash): number =>
  hash[0]! | (hash[1]! << 8) | (hash[2]! << 16) | (hash[3]! << 24);

/** In place of a node: none. */
export const NOBODY = -1;

/** When a node wakes that has nothing to wake for. */
export const NO_WAKE = Number.POSITIVE_INFINITY;
