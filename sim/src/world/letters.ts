import { FRAME_HEADER_BYTES, type HeaderTree, type Message, payloadBytes } from "@fluxlab/core";

/** In place of the row of a header: none. */
export const NO_HEADER = -1;
const NONE = -1;

/** A message that is or was under way: one object goes to many peers, and is written once to see how long it is. */
export class Letter {
  readonly message: Message;
  /** Of the frame: header and payload. */
  readonly bytes: number;
  /** Row of the one header that the message consists of, or {@link NO_HEADER}. */
  readonly announced: number;
  /** Events that carry it, and the number by which they do. */
  underWay = 0;
  number = NONE;

  constructor(message: Message, bytes: number, announced: number) {
    this.message = message;
    this.bytes = bytes;
    this.announced = announced;
  }
}

/** Messages under way. An event carries the number of a letter, which no other has until all that carry it were delivered. */
export class Letters {
  readonly #tree: HeaderTree;
  readonly #known = new WeakMap<Message, Letter>();
  readonly #numbered: (Letter | undefined)[] = [];
  readonly #free: number[] = [];
  /** By row of the header that they announce. */
  readonly #announcing = new Map<number, Letter>();
  #last: Letter | undefined;

  constructor(tree: HeaderTree) {
    this.#tree = tree;
  }

  /** What a message is as a letter. */
  of(message: Message): Letter {
    if (this.#last?.message === message) return this.#last;
    const letter = this.#known.get(message) ?? this.#weigh(message);
    this.#last = letter;
    return letter;
  }

  #weigh(message: Message): Letter {
    const header = message.command === "headers" && message.headers.length === 1 && message.headers[0];
    const bytes = FRAME_HEADER_BYTES + payloadBytes(message).length;
    const letter = new Letter(message, bytes, header ? this.#tree.rowOf(header) : NO_HEADER);
    this.#known.set(message, letter);
    if (letter.announced !== NO_HEADER) this.#announcing.set(letter.announced, letter);
    return letter;
  }

  /** The letter that announces a header, which was sent before. */
  announcing(header: number): Letter {
    return this.#announcing.get(header)!;
  }

  /** After chains were folded. */
  fold(): void {
    for (const header of this.#announcing.keys())
      if (!this.#tree.isLive(header)) this.#announcing.delete(header);
  }

  /** Sends a letter once more, and says by which number. */
  send(letter: Letter): number {
    if (letter.underWay++ === 0) {
      letter.number = this.#free.pop() ?? this.#numbered.length;
      this.#numbered[letter.number] = letter;
    }
    return letter.number;
  }

  /** The letter of a number that is under way. */
  numbered(number: number): Letter {
    return this.#numbered[number]!;
  }

  /** One of those under way was delivered. */
  delivered(letter: Letter): void {
    if (--letter.underWay > 0) return;
    this.#numbered[letter.number] = undefined;
    this.#free.push(letter.number);
  }
}
