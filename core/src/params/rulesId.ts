import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "../util/canonicalJson.ts";
import type { Params } from "./params.ts";

/** Names a rule set: SHA-256 (hex) of the parameters as canonical JSON. Equal parameters, equal id, on any machine. */
export const rulesId = (params: Params): string => bytesToHex(sha256(utf8ToBytes(canonicalJson(params))));
