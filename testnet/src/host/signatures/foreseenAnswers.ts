import { COMPACT_SIGNATURE_BYTES, type EcdsaBackend } from "@fluxlab/core";

/** What the curve answered to questions that somebody will ask again. */
export interface CurveAnswers {
  /** Signatures that are valid, by question. */
  readonly valid: readonly string[];
  /** Public keys that made a signature, by question. */
  readonly recovered: readonly (readonly [question: string, publicKey: Uint8Array])[];
}

/** A letter a byte. */
const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Every byte of the question is in its name: an answer fits no other. The lengths of all but keys are fixed. */
const verifyQuestion = (publicKey: Uint8Array, digest: Uint8Array, compact: Uint8Array): string =>
  textOf(digest) + textOf(compact) + textOf(publicKey);
const recoverQuestion = (
  digest: Uint8Array,
  compact: Uint8Array,
  recoveryId: number,
  compressed: boolean,
): string => textOf(digest) + textOf(compact) + recoveryId + compressed;

/** The curve, and what it has answered with yes since somebody last took the notes. */
export class NotedCurve {
  readonly ecdsa: EcdsaBackend;
  #valid: string[] = [];
  #recovered: [string, Uint8Array][] = [];

  constructor(curve: EcdsaBackend) {
    this.ecdsa = {
      ...curve,
      verify: (publicKey, digest, compact) => {
        const valid = curve.verify(publicKey, digest, compact);
        if (valid) this.#valid.push(verifyQuestion(publicKey, digest, compact));
        return valid;
      },
      recover: (digest, compact, recoveryId, compressed) => {
        const key = curve.recover(digest, compact, recoveryId, compressed);
        if (key !== undefined)
          this.#recovered.push([recoverQuestion(digest, compact, recoveryId, compressed), key]);
        return key;
      },
    };
  }

  takeNotes(): CurveAnswers {
    const notes = { valid: this.#valid, recovered: this.#recovered };
    this.#valid = [];
    this.#recovered = [];
    return notes;
  }
}

/** Answers that wait to be asked for; more are only of blocks that never came to be judged. */
const MOST_WAITING = 1 << 16;

/**
 * Answers that were found before anybody asked. Each serves once, because blocks ask once, and none is needed: what is not here the
 * curve is asked.
 */
export class ForeseenAnswers {
  readonly #valid = new Set<string>();
  readonly #recovered = new Map<string, Uint8Array>();
  /** Questions that were answered from here. */
  used = 0;

  get waiting(): number {
    return this.#valid.size + this.#recovered.size;
  }

  learn({ valid, recovered }: CurveAnswers): void {
    if (this.waiting > MOST_WAITING) this.forget();
    for (const question of valid) this.#valid.add(question);
    for (const [question, key] of recovered) this.#recovered.set(question, key);
  }

  forget(): void {
    this.#valid.clear();
    this.#recovered.clear();
  }

  /** `curve`, which is asked only what is not known here. */
  before(curve: EcdsaBackend): EcdsaBackend {
    return {
      ...curve,
      verify: (publicKey, digest, compact) =>
        (this.#valid.size > 0 && this.#isValid(publicKey, digest, compact)) ||
        curve.verify(publicKey, digest, compact),
      recover: (digest, compact, recoveryId, compressed) =>
        (this.#recovered.size > 0
          ? this.#signer(recoverQuestion(digest, compact, recoveryId, compressed))
          : undefined) ?? curve.recover(digest, compact, recoveryId, compressed),
    };
  }

  #isValid(publicKey: Uint8Array, digest: Uint8Array, compact: Uint8Array): boolean {
    if (digest.length !== 32 || compact.length !== COMPACT_SIGNATURE_BYTES) return false;
    const known = this.#valid.delete(verifyQuestion(publicKey, digest, compact));
    if (known) this.used++;
    return known;
  }

  #signer(question: string): Uint8Array | undefined {
    const key = this.#recovered.get(question);
    if (key === undefined) return undefined;
    this.#recovered.delete(question);
    this.used++;
    return key;
  }
}
