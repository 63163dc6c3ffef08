import type { Reader } from "../../bytes/reader.ts";
import type { Writer } from "../../bytes/writer.ts";
import type { NetworkAddress, VersionMessage } from "../messages.ts";
import { readAddress, writeAddress } from "./addressCodec.ts";
import { readText, writeText } from "./byteText.ts";

/** Source: fluxd src/net.h MAX_SUBVERSION_LENGTH. */
const MAX_USER_AGENT_BYTES = 256;

const NOWHERE: NetworkAddress = { services: 0n, ip: new Uint8Array(16), port: 0 };

/** What a very old client sent for 300. */
const MISTAKEN_VERSION = 10_300;

/**
 * What follows the receiver may end anywhere between two groups of fields; what is missing has fluxd's initial value.
 * Source: fluxd src/main.cpp ProcessMessage "version".
 */
export function readVersion(reader: Reader): VersionMessage {
  const version = reader.i32("version");
  const services = reader.u64("services");
  const time = reader.i64("time");
  const receiver = readAddress(reader);
  const hasSender = reader.remaining > 0;
  const sender = hasSender ? readAddress(reader) : NOWHERE;
  const nonce = hasSender ? reader.u64("nonce") : 1n;
  const userAgent = reader.remaining > 0 ? readText(reader, MAX_USER_AGENT_BYTES, "userAgent") : "";
  const startHeight = reader.remaining > 0 ? reader.i32("startHeight") : -1;
  const relay = reader.remaining > 0 ? reader.bool("relay") : true;
  return {
    command: "version",
    version: version === MISTAKEN_VERSION ? 300 : version,
    services,
    time,
    receiver,
    sender,
    nonce,
    userAgent,
    startHeight,
    relay,
  };
}

/** All fields, as fluxd sends them. Source: fluxd src/net.cpp PushVersion. */
export function writeVersion(writer: Writer, message: VersionMessage): void {
  writer.u32(message.version);
  writer.u64(message.services);
  writer.i64(message.time);
  writeAddress(writer, message.receiver);
  writeAddress(writer, message.sender);
  writer.u64(message.nonce);
  writeText(writer, message.userAgent);
  writer.u32(message.startHeight);
  writer.bool(message.relay);
}
