import type { EcdsaBackend } from "../crypto/ecdsa.ts";
import type { EquihashVerifier } from "../crypto/equihash/verify.ts";
import type { Params } from "../params/params.ts";
import { ponHeightReached } from "../params/upgrades.ts";
import { MAX_BLOCK_SIGNATURE_BYTES } from "../primitives/emergencySignatures.ts";
import type { BlockHeader, PonHeader, PowHeader } from "../primitives/header.ts";
import type { BlockHash } from "../primitives/ids.ts";
import { nextBits } from "./difficulty.ts";
import { emergencySignaturesValid, isEmergencyBlock } from "./emergencyBlock.ts";
import { checkEquihashSolution, checkSolutionSize } from "./equihashRules.ts";
import type { HeaderHistory } from "./headerHistory.ts";
import { MAX_EMERGENCY_SIGNATURE_BYTES, MIN_BLOCK_VERSION } from "./limits.ts";
import { medianTimePast } from "./medianTime.ts";
import { checkModelledProof, proofIsModelled } from "./modelledProof.ts";
import { checkProofOfNode, headerPonHash } from "./pon.ts";
import { checkProofOfWork } from "./pow.ts";
import { type Violation, violation } from "./violation.ts";

// Headers, as far as every node gives the same answer: nothing here looks at a clock or a tip (headerArrival.ts does).
// Source: fluxd src/main.cpp CheckBlockHeader, ContextualCheckBlockHeader.

/** What header rules ask of proofs and signatures. */
export interface HeaderVerifier {
  readonly equihash: EquihashVerifier;
  readonly ecdsa: EcdsaBackend;
}

/** The first rule the header breaks wherever it stands. `hash` is its block hash. Source: fluxd src/main.cpp CheckBlockHeader. */
export function checkHeader(
  header: BlockHeader,
  hash: BlockHash,
  verifier: HeaderVerifier,
  params: Params,
): Violation | undefined {
  const { version } = header;
  if (version < MIN_BLOCK_VERSION) return violation("version-too-low", { version });
  return header.kind === "pon"
    ? checkPonProof(header, params)
    : checkPowProof(header, hash, verifier, params);
}

/** The height is not known yet, so the easier of both limits is good enough. */
function checkPonProof(header: PonHeader, params: Params): Violation | undefined {
  const emergency = isEmergencyBlock(header, params);
  const signatureBytes = header.signature.length;
  if (signatureBytes > (emergency ? MAX_EMERGENCY_SIGNATURE_BYTES : MAX_BLOCK_SIGNATURE_BYTES)) {
    return violation("bad-pon-sig-size", { signatureBytes });
  }
  return emergency || checkProofOfNode(headerPonHash(header, params), header.bits, undefined, params)
    ? undefined
    : violation("high-hash", { bits: header.bits });
}

function checkPowProof(
  header: PowHeader,
  hash: BlockHash,
  verifier: HeaderVerifier,
  params: Params,
): Violation | undefined {
  if (proofIsModelled(params)) return checkModelledProof(header);
  const unsolved = checkEquihashSolution(header, verifier.equihash);
  if (unsolved !== undefined) return unsolved;
  return checkProofOfWork(hash, header.bits, params)
    ? undefined
    : violation("high-hash", { bits: header.bits });
}

/**
 * The first rule a header that passed {@link checkHeader} breaks after the branch `parents`: its proof, its target and its
 * time, in that order. fluxd's last rule, "bad-version", is left out, because what it refuses has by then been refused: lower
 * versions than 4, and proof of work from proof of node on. Source: fluxd src/main.cpp ContextualCheckBlockHeader.
 */
export function checkHeaderAfter(
  parents: HeaderHistory,
  header: BlockHeader,
  hash: BlockHash,
  verifier: Pick<HeaderVerifier, "ecdsa">,
  params: Params,
): Violation | undefined {
  const fault =
    header.kind === "pon"
      ? checkPonHeaderAfter(parents, header, hash, verifier, params)
      : checkPowHeaderAfter(parents, header, params);
  return fault ?? checkTimeAfter(parents, header);
}

/** Times go on: proof of node's after the parent's, proof of work's after the median of its parents. */
export const checkTimeAfter = (
  parents: HeaderHistory,
  header: Pick<BlockHeader, "kind" | "time">,
): Violation | undefined =>
  header.kind === "pon" ? checkLaterThanParent(parents, header) : checkLaterThanMedian(parents, header);

function checkPonHeaderAfter(
  parents: HeaderHistory,
  header: PonHeader,
  hash: BlockHash,
  verifier: Pick<HeaderVerifier, "ecdsa">,
  params: Params,
): Violation | undefined {
  const height = parents.height + 1;
  if (!ponHeightReached(params.upgrades, height)) return violation("premature-pon-block", { height });
  if (!ponHeaderProved(header, hash, height, verifier, params))
    return violation("bad-pon-header", { height });
  const required = nextBits(parents, header.time, params);
  return header.bits === required || anyTargetAccepted(height, params)
    ? undefined
    : violation("bad-pon-diffbits", { height, bits: header.bits, required });
}

/** A producer's signature has to wait for the state: ponBlock.ts. */
const ponHeaderProved = (
  header: PonHeader,
  hash: BlockHash,
  height: number,
  { ecdsa }: Pick<HeaderVerifier, "ecdsa">,
  params: Params,
): boolean =>
  isEmergencyBlock(header, params)
    ? emergencySignaturesValid(ecdsa, header, hash, params)
    : checkProofOfNode(headerPonHash(header, params), header.bits, height, params);

const FIRST_TEST_HEIGHT_OF_ANY_TARGET = 800;
const LAST_TEST_HEIGHT_OF_ANY_TARGET = 1800;

/** The public test network has blocks with other targets here. */
const anyTargetAccepted = (height: number, { kind }: Params): boolean =>
  kind === "test" && height >= FIRST_TEST_HEIGHT_OF_ANY_TARGET && height <= LAST_TEST_HEIGHT_OF_ANY_TARGET;

function checkPowHeaderAfter(
  parents: HeaderHistory,
  header: PowHeader,
  params: Params,
): Violation | undefined {
  const height = parents.height + 1;
  if (ponHeightReached(params.upgrades, height)) return violation("not-pon-block", { height });
  const badSize = checkSolutionSize(header, height, params);
  if (badSize !== undefined) return badSize;
  const required = nextBits(parents, header.time, params);
  return header.bits === required
    ? undefined
    : violation("bad-diffbits", { height, bits: header.bits, required });
}

function checkLaterThanParent(
  parents: HeaderHistory,
  { time }: Pick<BlockHeader, "time">,
): Violation | undefined {
  const after = parents.time(parents.height);
  return time > after ? undefined : violation("time-too-old", { time, after });
}

function checkLaterThanMedian(
  parents: HeaderHistory,
  { time }: Pick<BlockHeader, "time">,
): Violation | undefined {
  const after = medianTimePast(parents);
  return time > after ? undefined : violation("time-too-old", { time, after });
}
