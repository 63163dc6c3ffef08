import {
  assert,
  type Block,
  type ChainView,
  displayHash,
  type Params,
  type SharedChain,
  type SharedChainOptions,
  SharedChains,
} from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { BlockFiles, type BlockPlace, FILE_BYTES } from "./blockFiles.ts";
import { readSnapshot, SNAPSHOT, type Snapshot, writeSnapshot } from "./snapshotFile.ts";
import type { StoreFolder } from "./storeFolder.ts";

/** How much a disk lets be in memory and in a file; tests want little. */
export interface DiskTuning {
  /** Blocks below the tip that stay in memory, and on the disk. Source: fluxd src/main.h MIN_BLOCKS_TO_KEEP. */
  readonly keep: number;
  /** Blocks above those before memory is looked after again. */
  readonly foldEvery: number;
  /** Blocks to come before another snapshot is worth it. */
  readonly snapshotEvery: number;
  /** A new file begins when the last has so many bytes. */
  readonly fileBytes: number;
}

const TUNING: DiskTuning = { keep: 288, foldEvery: 144, snapshotEvery: 2_000, fileBytes: FILE_BYTES };
/** Of the time that passes, the part that snapshots may take. */
const SNAPSHOT_SHARE = 1 / 20;
/** Files are smaller where little is to be kept, so that there are some to take away. */
const PRUNED_FILES = 8;
const MIN_FILE_BYTES = 64 * 1024;

const NOWHERE: BlockPlace = -1;

/** What a disk is to do. */
export interface ChainDiskOptions {
  /** Bytes of blocks to keep if more are not needed; undefined: all. */
  readonly pruneTo: number | undefined;
  /** Whether the snapshot is thrown away and all blocks are judged again; where blocks were pruned, those are gone too. */
  readonly reindex: boolean;
  readonly log: (level: "info" | "warn", fields: object, text: string) => void;
  /** Milliseconds of any clock that only goes forward. */
  readonly clock: () => number;
  readonly tuning?: Partial<DiskTuning>;
}

/** What was found on a disk. */
export interface DiskContents {
  /** Blocks that were read and judged. */
  readonly blocks: number;
  readonly bytesLost: number;
}

/**
 * The chains of one node and what is on the disk of them. The truth is the blocks, in order of arrival; a snapshot says what the first
 * of them come to, so that a start need not judge them again, and only what no node can do without is in memory: blocks far
 * below the tip are read when somebody asks.
 */
export class ChainDisk {
  readonly #folder: StoreFolder;
  readonly #options: ChainDiskOptions;
  readonly #tuning: DiskTuning;
  readonly #files: BlockFiles;
  readonly #chains: SharedChains;
  readonly #chain: SharedChain;
  /** By row of the tree. */
  #places: Float64Array;
  /** In order of arrival, those whose blocks are in memory, and some others. */
  #inMemory: { readonly row: number; readonly place: BlockPlace }[];
  /** Contents of the shared chain below this number are on the disk. */
  #stored: number;
  /** Where the chains that stand on the snapshot begin to read. */
  #readFrom: BlockPlace;
  #replayed: BlockPlace;
  /** Of the snapshot on the disk: blocks before it are not needed to start. */
  #snapshotFrom: BlockPlace;
  #snapshotRoot: number;
  #foldAbove: number;
  #sinceSnapshot: number;
  #snapshotAfter: number;
  #damageTold: boolean;

  /** @throws InputError if what is in the folder is not this network's, or its blocks were pruned and there is no snapshot */
  constructor(
    folder: StoreFolder,
    network: { readonly params: Params; readonly genesis: Block },
    judging: Omit<SharedChainOptions, "archive">,
    options: ChainDiskOptions,
  ) {
    const { params, genesis } = network;
    this.#folder = folder;
    this.#options = options;
    if (options.reindex) this.#forget();
    this.#tuning = { ...TUNING, ...options.tuning };
    const { fileBytes } = this.#tuning;
    const { pruneTo = Number.POSITIVE_INFINITY } = options;
    const shareBytes = Math.max(MIN_FILE_BYTES, Math.floor(pruneTo / PRUNED_FILES));
    this.#files = new BlockFiles(folder, displayHash(params.genesis.hash), Math.min(fileBytes, shareBytes));
    const { gap } = this.#files;
    if (gap !== undefined && !options.reindex) throw missing(gap);
    const whole = { ...judging, archive: (row: number) => this.#archived(row, genesis) };
    const found = this.#snapshot(params);
    const standing = found && SharedChains.on(found.foundation, genesis, params, whole);
    if (found !== undefined && standing === undefined) this.#unusable("its parts do not belong together");
    this.#chains = standing ?? new SharedChains(genesis, whole);
    this.#chain = this.#chains.under(params);
    const usable = standing === undefined ? undefined : found;
    if (usable === undefined && this.#files.isPruned) throw this.#lostBeginning();
    this.#places = new Float64Array(1).fill(NOWHERE);
    // Where chains stand on a snapshot, rows are heights.
    if (usable !== undefined) for (const [at, place] of usable.places.entries()) this.#note(at + 1, place);
    this.#inMemory = [];
    this.#stored = this.#chain.blocks.end;
    this.#readFrom = usable?.replayFrom ?? this.#files.start;
    this.#snapshotFrom = this.#readFrom;
    this.#replayed = this.#readFrom;
    this.#snapshotRoot = this.#chain.tree.root;
    this.#foldAbove = 0;
    this.#sinceSnapshot = 0;
    this.#snapshotAfter = 0;
    this.#damageTold = false;
  }

  #forget(): void {
    this.#folder.remove(SNAPSHOT);
    if (!BlockFiles.arePruned(this.#folder)) return;
    this.#options.log("warn", {}, "reindex: blocks were pruned, so all have to come from peers again");
    BlockFiles.clear(this.#folder);
  }

  #snapshot(params: Params): Snapshot | undefined {
    const found = readSnapshot(this.#folder, params);
    if (found === undefined) return undefined;
    if (typeof found === "string") return this.#unusable(found);
    if (!this.#files.has(found.replayFrom)) return this.#unusable("blocks it rests on are missing");
    return found;
  }

  #unusable(why: string): undefined {
    const fields = { file: this.#folder.file(SNAPSHOT), why };
    this.#options.log("warn", fields, "the snapshot is of no use: all blocks are judged again");
    return undefined;
  }

  #lostBeginning(): InputError {
    return new InputError(
      `${this.#folder.file(SNAPSHOT)}: missing or of no use, and the first blocks were pruned: --reindex begins anew with blocks from peers`,
    );
  }

  /** What nodes on this disk share. */
  get chain(): SharedChain {
    return this.#chain;
  }

  /** Bytes of blocks. */
  get bytes(): number {
    return this.#files.bytes;
  }

  /** Bytes of blocks that {@link replay} has not come to. */
  get bytesToReplay(): number {
    return this.#files.bytesFrom(this.#replayed);
  }

  /** Lowest height of which, and of all above, there is a block; `view` knows the chain. */
  firstBlock(view: ChainView): number {
    if (!this.#files.isPruned) return 0;
    const { tree } = this.#chain;
    let height = tree.height(tree.root);
    while (height > 1 && this.#placeOf(tree.ancestor(view.tip, height - 1)) >= this.#files.start) height--;
    return height;
  }

  #placeOf(row: number): BlockPlace {
    return this.#places[row] ?? NOWHERE;
  }

  #note(row: number, place: BlockPlace): void {
    if (row >= this.#places.length) {
      const grown = new Float64Array(Math.max(1_024, Math.ceil((row + 1) * 1.25))).fill(NOWHERE);
      grown.set(this.#places);
      this.#places = grown;
    }
    this.#places[row] = place;
  }

  #archived(row: number, genesis: Block): Block | undefined {
    if (row === 0) return genesis;
    const place = this.#placeOf(row);
    if (place === NOWHERE) return undefined;
    const block = this.#files.read(place);
    if (block === undefined && place >= this.#files.start) this.#damaged(row);
    return block;
  }

  /** Said once: peers may ask for such a block as often as they like. */
  #damaged(row: number): void {
    if (this.#damageTold) return;
    this.#damageTold = true;
    const fields = { folder: this.#folder.file(""), height: this.#chain.tree.height(row) };
    this.#options.log(
      "warn",
      fields,
      "a block cannot be read any more: --reindex gets what is damaged from peers",
    );
  }

  /** Gives `take` the blocks that the chains do not stand on, in order of arrival. Once, at the start. */
  replay(view: ChainView, take: (block: Block) => void): DiskContents {
    const contents = this.#files.replay((block, place) => {
      this.#replayed = place;
      take(block);
      this.#noteNew(() => place);
      this.#fold(view);
    }, this.#readFrom);
    this.#stored = this.#chain.blocks.end;
    for (const { file, blocks, bytesLost } of this.#files.lost) {
      const text =
        "what follows the last whole block was damaged, or not written completely: it is left out, and peers are asked for it again";
      this.#options.log("warn", { file, wholeBlocks: blocks, bytesLost }, text);
    }
    return contents;
  }

  /** Writes down what is new in memory. Whether there was anything. */
  append(): boolean {
    return this.#noteNew((block) => this.#files.append(block));
  }

  #noteNew(placeOf: (block: Block) => BlockPlace): boolean {
    const { blocks } = this.#chain;
    const before = this.#stored;
    for (; this.#stored < blocks.end; this.#stored++) {
      const row = blocks.row(this.#stored);
      const place = placeOf(blocks.block(this.#stored));
      this.#note(row, place);
      this.#inMemory.push({ row, place });
    }
    this.#sinceSnapshot += this.#stored - before;
    return this.#stored > before;
  }

  /** Returns when all that was appended would survive the machine's loss of power. */
  commit(): void {
    this.#files.commit();
  }

  /** Now and then, after blocks came: lets go of what is not needed in memory, writes a snapshot, prunes. */
  tidy(view: ChainView): void {
    this.#fold(view);
    if (this.#sinceSnapshot < this.#tuning.snapshotEvery || this.#options.clock() < this.#snapshotAfter)
      return;
    this.#writeSnapshot();
    this.#prune();
  }

  #fold(view: ChainView): void {
    if (view.tipHeight < this.#foldAbove) return;
    const { tree } = this.#chain;
    this.#foldAbove = view.tipHeight + this.#tuning.foldEvery;
    this.#chains.fold([view], view.tipHeight - this.#tuning.keep);
    const needed = this.#inMemory.findIndex(({ row }) => tree.isLive(row));
    this.#inMemory.splice(0, needed < 0 ? this.#inMemory.length : needed);
    this.#readFrom = this.#inMemory[0]?.place ?? this.#readFrom;
  }

  /** If there is anything that the last does not have. What is in it must not be ahead of the blocks on the disk. */
  #writeSnapshot(): void {
    const { tree } = this.#chain;
    if (tree.root === this.#snapshotRoot) return;
    this.commit();
    const beganAt = this.#options.clock();
    const bytes = writeSnapshot(this.#folder, this.#chain, (row) => this.#placeOf(row), this.#readFrom);
    const endedAt = this.#options.clock();
    const milliseconds = Math.round(endedAt - beganAt);
    this.#snapshotFrom = this.#readFrom;
    this.#snapshotRoot = tree.root;
    this.#sinceSnapshot = 0;
    this.#snapshotAfter = endedAt + (endedAt - beganAt) / SNAPSHOT_SHARE;
    this.#options.log("info", { height: tree.height(tree.root), bytes, milliseconds }, "snapshot");
  }

  /** Files that neither memory nor the snapshot on the disk needs. */
  #prune(): void {
    const { pruneTo } = this.#options;
    if (pruneTo === undefined) return;
    const files = this.#files.prune(pruneTo, this.#snapshotFrom);
    if (files > 0) this.#options.log("info", { files, bytes: this.bytes }, "pruned");
  }

  /** Ends in order: with a snapshot, if it would save the next start anything. */
  close(view: ChainView): void {
    this.append();
    this.#foldAbove = 0;
    this.#fold(view);
    assert(this.#stored === this.#chain.blocks.end, "all blocks are written down");
    this.#writeSnapshot();
    this.#prune();
    this.#files.close();
  }
}

const missing = (file: string): InputError =>
  new InputError(
    `${file}: missing between others: put it back from a copy, or start with --reindex, which asks peers for its blocks`,
  );
