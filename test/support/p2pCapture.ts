import { readJson } from "./vectors.ts";

interface Recording {
  readonly label: string;
  readonly messages: readonly {
    readonly dir: string;
    readonly command: string;
    readonly payloadBytes: number;
    readonly hex: string;
  }[];
}

/** A message between two daemons as an observer in the middle saw it. */
export interface CapturedMessage {
  readonly direction: string;
  readonly command: string;
  /** Frame and all. */
  readonly bytes: Uint8Array;
  readonly payload: Uint8Array;
}

const HEADER_BYTES = 24;

/** Every recorded message in order of arrival, recording after recording. */
export function capturedMessages(): CapturedMessage[] {
  return readJson<Recording[]>("labnet/p2p-capture.json").flatMap(({ messages }) =>
    messages.map(({ dir, command, hex }) => {
      const bytes = Uint8Array.from(Buffer.from(hex, "hex"));
      return { direction: dir, command, bytes, payload: bytes.subarray(HEADER_BYTES) };
    }),
  );
}
