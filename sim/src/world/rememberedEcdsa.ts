import type { EcdsaBackend } from "@fluxlab/core";

/** Answers that are remembered; what thousands of nodes ask, they ask within few blocks. */
const MOST_REMEMBERED = 8_192;

/** The curve with a memory: the nodes of a world all check the same signatures, and the answer is the same for each. */
export function rememberedEcdsa(curve: EcdsaBackend): EcdsaBackend {
  const verified = new Memory<boolean>();
  const recovered = new Memory<Uint8Array | undefined>();
  return {
    ...curve,
    verify: (publicKey, digest, compact) =>
      verified.of(`${textOf(publicKey)} ${textOf(digest)}${textOf(compact)}`, () =>
        curve.verify(publicKey, digest, compact),
      ),
    recover: (digest, compact, recoveryId, compressed) =>
      recovered.of(`${recoveryId}${compressed} ${textOf(digest)}${textOf(compact)}`, () =>
        curve.recover(digest, compact, recoveryId, compressed),
      ),
  };
}

/** A letter a byte. */
const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

class Memory<Answer> {
  readonly #answers = new Map<string, Answer>();

  of(question: string, find: () => Answer): Answer {
    const known = this.#answers.get(question);
    if (known !== undefined || this.#answers.has(question)) return known as Answer;
    const answer = find();
    if (this.#answers.size === MOST_REMEMBERED) this.#answers.clear();
    this.#answers.set(question, answer);
    return answer;
  }
}
