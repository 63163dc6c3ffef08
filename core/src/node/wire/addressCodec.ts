import type { Reader } from "../../bytes/reader.ts";
import type { Writer } from "../../bytes/writer.ts";
import type { NetworkAddress, TimedAddress } from "../messages.ts";

/** On the wire: services, IP, port. Source: fluxd src/protocol.h CAddress, src/netbase.h CService. */
export function readAddress(reader: Reader): NetworkAddress {
  const services = reader.u64("services");
  const ip = reader.bytes(16, "ip");
  return { services, ip, port: reader.u16BigEndian("port") };
}

/** The reverse of {@link readAddress}. */
export function writeAddress(writer: Writer, { services, ip, port }: NetworkAddress): void {
  writer.u64(services);
  writer.bytes(ip);
  writer.u16BigEndian(port);
}

/** An entry of `addr` on the wire. */
export const TIMED_ADDRESS_BYTES = 30;

/** The time comes first. */
export function readTimedAddress(reader: Reader): TimedAddress {
  const time = reader.u32("time");
  return { time, ...readAddress(reader) };
}

/** The reverse of {@link readTimedAddress}. */
export function writeTimedAddress(writer: Writer, address: TimedAddress): void {
  writer.u32(address.time);
  writeAddress(writer, address);
}
