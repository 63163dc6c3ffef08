import type { Message } from "@fluxlab/core";

/** Messages delivered and their bytes, by command. */
export class MessageTally {
  readonly byCommand = new Map<Message["command"], { messages: number; bytes: number }>();
  /** The command counted last: most come in rows of the same. */
  #counted: Message["command"] | undefined;
  #counter = { messages: 0, bytes: 0 };

  /** So many messages of so many bytes each. */
  count(command: Message["command"], bytes: number, messages = 1): void {
    if (command !== this.#counted) {
      this.#counted = command;
      this.#counter = this.byCommand.get(command) ?? { messages: 0, bytes: 0 };
      this.byCommand.set(command, this.#counter);
    }
    this.#counter.messages += messages;
    this.#counter.bytes += messages * bytes;
  }
}
