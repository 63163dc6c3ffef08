import { compareU256, type U256, u256FromHex } from "../bytes/u256.ts";
import type { Params } from "../params/params.ts";
import { perParams } from "../params/perParams.ts";

/** Seconds a tip may be behind the clock. Source: fluxd src/main.h DEFAULT_MAX_TIP_AGE. */
export const MAX_TIP_AGE = 14_400;

const minimumWork = perParams((params) => u256FromHex(params.minimumChainWork));

/** What a node's tip and clock say. */
export interface TipNow {
  readonly height: number;
  /** Of the chain up to the tip. */
  readonly work: U256;
  /** Unix seconds of the tip's header. */
  readonly time: number;
  /** Unix seconds by the node's own clock. */
  readonly clock: number;
  /** Whether blocks are being read from disk. */
  readonly importing: boolean;
}

/**
 * Whether a node thinks that it is still catching up; once it does not, it never does again. Decides about relaying, not about
 * blocks. Source: fluxd src/main.cpp IsInitialBlockDownload.
 */
export class InitialDownload {
  readonly #params: Params;
  readonly #maxTipAge: number;
  #isOver: boolean;

  /** `maxTipAge`: seconds, fluxd's -maxtipage. */
  constructor(params: Params, maxTipAge: number = MAX_TIP_AGE) {
    this.#params = params;
    this.#maxTipAge = maxTipAge;
    this.#isOver = false;
  }

  /** Whether the answer is no for good. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** At genesis the answer is no, but not for good. */
  isOngoing({ height, work, time, clock, importing }: TipNow): boolean {
    if (this.#isOver || height === 0) return false;
    if (importing || compareU256(work, minimumWork(this.#params)) < 0 || time < clock - this.#maxTipAge)
      return true;
    this.#isOver = true;
    return false;
  }
}
