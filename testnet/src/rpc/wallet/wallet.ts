import { randomBytes } from "node:crypto";
import {
  type Coin,
  type Destination,
  decodeAddress,
  type EcdsaBackend,
  encodeAddress,
  equalBytes,
  type FullNode,
  type KeyPair,
  keyId,
  keyPair,
  matchTemplate,
  type Outpoint,
  type OwnProducer,
  outpointKey,
  type Params,
  parseSecretKey,
  payToKeyHash,
  type SpendableCoin,
  type StateContents,
  scriptAddress,
  scriptDestination,
  scriptIdOf,
  type TxOutput,
  toWireHex,
  wireHex,
} from "@fluxlab/core";
import { addressKey, type ChainIndex } from "../chainIndex.ts";
import { RPC, RpcError } from "../rpcError.ts";
import { newMaster, openMaster, seal, sealMaster, unseal } from "./encryption.ts";
import { keyAddress, withBook } from "./upgrade.ts";
import {
  emptyWallet,
  type SentPayment,
  type StoredKey,
  type WalletContents,
  type WalletStore,
} from "./walletFile.ts";

/** An unspent output that this wallet owns or watches. */
export interface WalletCoin {
  readonly outpoint: Outpoint;
  readonly output: TxOutput;
  readonly coinbase: boolean;
  /** 0: in the pool. */
  readonly confirmations: number;
  /** Whether the wallet has the keys. */
  readonly spendable: boolean;
  /** False: a coinbase that the wallet leaves alone, for one block longer than the rules do. Source: fluxd CMerkleTx::GetBlocksToMaturity. */
  readonly mature: boolean;
  /** In the chain, or paid by coins of this wallet alone. Source: fluxd src/wallet/wallet.cpp CWalletTx::IsTrusted. */
  readonly trusted: boolean;
}

/** Whether the wallet can spend what a destination is paid, or only looks at it. Source: fluxd src/script/ismine.h isminetype. */
export type Ownership = "spendable" | "watched";

/** What a wallet needs from outside. */
export interface WalletSettings {
  readonly params: Params;
  readonly ecdsa: EcdsaBackend;
  /** Unix seconds. */
  readonly now: () => number;
  /** Keys kept ready: -keypool. */
  readonly keyPoolTarget: number;
  /** scrypt's N for passphrases; its default unless said. */
  readonly scryptCost?: number;
}

/** Source: fluxd src/wallet/wallet.h FEATURE_LATEST. */
const WALLET_VERSION = 60_000;

/** The passphrase is forgotten at the latest after so long. Source: fluxd src/wallet/rpcwallet.cpp walletpassphrase. */
const MAX_UNLOCK_SECONDS = 100_000_000;

/** Keys, and what the chain says they own. Each change is on the disk before it is answered. */
export class Wallet {
  readonly version: number = WALLET_VERSION;
  /** Satoshi per 1,000 bytes that settxfee asked for; 0: the usual. */
  feeRate: bigint;
  /** Coins that are not to be chosen, by outpointKey; forgotten with the process, as in fluxd. */
  readonly lockedCoins: Map<string, Outpoint>;
  readonly #store: WalletStore;
  readonly #settings: WalletSettings;
  #contents: WalletContents;
  /** Undefined: not encrypted, or locked. */
  #master: Uint8Array | undefined;
  #unlockedUntil: number | undefined;
  #minersKey: Uint8Array | undefined;
  /** By HASH160 of the public key, wire hex. */
  readonly #keys: Map<string, StoredKey>;

  /** Opens the wallet of a store, or makes one there. @throws RpcError, InputError if it is of another network or damaged */
  constructor(store: WalletStore, settings: WalletSettings) {
    this.feeRate = 0n;
    this.lockedCoins = new Map();
    this.#store = store;
    this.#settings = settings;
    const network = settings.params.name;
    this.#contents = withBook(store.load() ?? emptyWallet(network), settings.params);
    if (this.#contents.network !== network) {
      throw new RpcError(RPC.wallet, `the wallet is one of ${this.#contents.network}, not of ${network}`);
    }
    this.#master = undefined;
    this.#unlockedUntil = undefined;
    this.#minersKey = undefined;
    this.#keys = new Map();
    for (const key of this.#contents.keys) this.#keys.set(idOf(key), key);
    if (!this.encrypted) this.refill(settings.keyPoolTarget);
  }

  get encrypted(): boolean {
    return this.#contents.master !== undefined;
  }

  /** Encrypted, and the passphrase is not known now. */
  get locked(): boolean {
    if (this.#unlockedUntil !== undefined && this.#settings.now() >= this.#unlockedUntil) this.lock();
    return this.encrypted && this.#master === undefined;
  }

  /** Unix seconds; 0: locked; undefined: not encrypted. */
  get unlockedUntil(): number | undefined {
    if (!this.encrypted) return undefined;
    return this.locked ? 0 : this.#unlockedUntil;
  }

  get keyPoolSize(): number {
    return this.#contents.keys.filter(({ pooled }) => pooled).length;
  }

  /** Unix seconds. */
  get oldestKeyTime(): number {
    const times = this.#contents.keys.filter(({ pooled }) => pooled).map(({ created }) => created);
    return times.length === 0 ? this.#settings.now() : Math.min(...times);
  }

  lock(): void {
    this.#master?.fill(0);
    this.#master = undefined;
    this.#unlockedUntil = undefined;
  }

  /** @throws RpcError for the wrong passphrase */
  unlock(passphrase: string, seconds: number): void {
    this.#master = this.#open(passphrase);
    this.#unlockedUntil = this.#settings.now() + Math.min(seconds, MAX_UNLOCK_SECONDS);
    this.refill(this.#settings.keyPoolTarget);
  }

  #open(passphrase: string): Uint8Array {
    const { master } = this.#contents;
    if (master === undefined)
      throw new RpcError(
        RPC.wrongEncryptionState,
        "Error: running with an unencrypted wallet, but walletpassphrase was called.",
      );
    const opened = openMaster(master, passphrase);
    if (opened === undefined) {
      throw new RpcError(RPC.passphraseIncorrect, "Error: The wallet passphrase entered was incorrect.");
    }
    return opened;
  }

  /** Seals every key, and leaves the wallet locked. */
  encrypt(passphrase: string): void {
    if (this.encrypted)
      throw new RpcError(
        RPC.wrongEncryptionState,
        "Error: running with an encrypted wallet, but encryptwallet was called.",
      );
    const master = newMaster();
    const keys = this.#contents.keys.map((key) => ({ ...key, secret: seal(master, wireHex(key.secret)) }));
    this.#keys.clear();
    for (const key of keys) this.#keys.set(idOf(key), key);
    this.#save({ keys, master: sealMaster(master, passphrase, this.#settings.scryptCost) });
    this.lock();
  }

  changePassphrase(before: string, after: string): void {
    const master = this.#open(before);
    this.#save({ master: sealMaster(master, after, this.#settings.scryptCost) });
  }

  #save(change: Partial<WalletContents>): void {
    this.#contents = { ...this.#contents, ...change };
    this.#store.save(this.#contents);
  }

  /** Writes a copy of the wallet to another store. */
  copyTo(store: WalletStore): void {
    store.save(this.#contents);
  }

  /** Makes keys until so many are ready. Needs an unlocked wallet. */
  refill(target: number): void {
    const missing = target - this.keyPoolSize;
    if (missing <= 0) return;
    const keys = Array.from({ length: missing }, () => this.#storedKey(this.#newSecret(), true, true));
    for (const key of keys) this.#keys.set(idOf(key), key);
    this.#save({ keys: [...this.#contents.keys, ...keys] });
  }

  #newSecret(): KeyPair["secretKey"] {
    for (;;) {
      const secret = parseSecretKey(new Uint8Array(randomBytes(32)));
      if (secret !== undefined) return secret;
    }
  }

  #storedKey(secretKey: KeyPair["secretKey"], compressed: boolean, pooled: boolean): StoredKey {
    const { publicKey } = keyPair(this.#settings.ecdsa, secretKey, compressed);
    const created = this.#settings.now();
    const secret = this.#master === undefined ? toWireHex(secretKey) : seal(this.#master, secretKey);
    return { publicKey: toWireHex(publicKey), secret, created, pooled };
  }

  /** An address nobody was told of before. @throws RpcError if the wallet is locked and no keys are left */
  newAddress(label: string): string {
    const address = this.changeAddress();
    this.setLabel(address, label);
    return address;
  }

  /** The same for change, of which the address book knows nothing. */
  changeAddress(): string {
    return this.#addressOf(this.#handOut());
  }

  #handOut(): StoredKey {
    const key = { ...this.#nextPooled(), pooled: false };
    this.#replace(key);
    return key;
  }

  /** The address for whoever wants only one, another when it was paid. Source: fluxd src/wallet/rpcwallet.cpp GetAccountAddress. */
  accountAddress(wasPaid: (address: string) => boolean): string {
    const { accountAddress } = this.#contents;
    if (accountAddress !== undefined && !wasPaid(accountAddress)) return accountAddress;
    const next = this.newAddress("");
    this.#save({ accountAddress: next });
    return next;
  }

  #nextPooled(): StoredKey {
    if (!this.locked) this.refill(Math.max(1, this.#settings.keyPoolTarget));
    const key = this.#contents.keys.find(({ pooled }) => pooled);
    if (key === undefined) throw new RpcError(-12, "Error: Keypool ran out, please call keypoolrefill first");
    return key;
  }

  #replace(key: StoredKey): void {
    this.#keys.set(idOf(key), key);
    const keys = this.#contents.keys.map((each) => (each.publicKey === key.publicKey ? key : each));
    this.#save({ keys });
  }

  #addressOf(key: StoredKey): string {
    return keyAddress(key, this.#settings.params);
  }

  /** What blocks of this node pay: a key of their own, the same as long as the process lives. */
  miningScript(): Uint8Array {
    this.#minersKey ??= keyId(wireHex(this.#handOut().publicKey));
    return payToKeyHash(this.#minersKey);
  }

  setLabel(address: string, label: string): void {
    this.#save({ labels: { ...this.#contents.labels, [address]: label } });
  }

  /** Undefined: the address is not in the book. */
  labelOf(address: string): string | undefined {
    const { labels } = this.#contents;
    return Object.hasOwn(labels, address) ? labels[address] : undefined;
  }

  /** The address book: accounts by address. */
  get book(): WalletContents["labels"] {
    return this.#contents.labels;
  }

  /** Takes in a key. False: it was there. Needs an unlocked wallet. */
  importKey({ secretKey, compressed }: Pick<KeyPair, "secretKey" | "compressed">): boolean {
    const key = { ...this.#storedKey(secretKey, compressed, false), created: 0 };
    const known = this.#keys.get(idOf(key));
    if (known?.pooled === true) this.#replace({ ...known, pooled: false });
    if (known !== undefined) return false;
    this.#keys.set(idOf(key), key);
    this.#save({ keys: [...this.#contents.keys, key] });
    return true;
  }

  watch(address: string): void {
    if (this.#contents.watched.includes(address)) return;
    this.#save({ watched: [...this.#contents.watched, address] });
  }

  addScript(script: Uint8Array): void {
    const hex = toWireHex(script);
    if (!this.#contents.scripts.includes(hex)) this.#save({ scripts: [...this.#contents.scripts, hex] });
  }

  redeemScripts(): Uint8Array[] {
    return this.#contents.scripts.map(wireHex);
  }

  /** SEC form of a key of this wallet. */
  publicKeyOf(id: Uint8Array): Uint8Array | undefined {
    const key = this.#keys.get(toWireHex(id));
    return key && wireHex(key.publicKey);
  }

  /** A key of this wallet, which must be unlocked. */
  key(id: Uint8Array): KeyPair | undefined {
    const stored = this.#keys.get(toWireHex(id));
    return stored && this.#opened(stored);
  }

  /** All of them; the wallet must be unlocked. */
  keys(): KeyPair[] {
    return this.#contents.keys.map((key) => this.#opened(key));
  }

  /** All there is to know of each key, for dumps; the wallet must be unlocked. */
  *dumped(): Generator<{ key: KeyPair; created: number; pooled: boolean; address: string }> {
    for (const stored of this.#contents.keys) {
      const { created, pooled } = stored;
      yield { key: this.#opened(stored), created, pooled, address: this.#addressOf(stored) };
    }
  }

  #opened({ publicKey, secret }: StoredKey): KeyPair {
    const bytes = this.encrypted ? this.#master && unseal(this.#master, secret) : wireHex(secret);
    const secretKey = bytes && parseSecretKey(bytes);
    if (secretKey === undefined) throw new RpcError(RPC.wallet, "Error: a key of the wallet cannot be read");
    const sec = wireHex(publicKey);
    return { secretKey, publicKey: sec, compressed: sec.length === 33 };
  }

  /** Whether it can spend what a destination is paid. */
  owns({ type, id }: Destination): boolean {
    if (type === "keyHash") return this.#keys.has(toWireHex(id));
    const script = this.redeemScripts().find((each) => equalBytes(scriptIdOf(each), id));
    const template = script && matchTemplate(script);
    if (template?.type !== "multisig") return false;
    return template.keys.every((key) => this.#keys.has(toWireHex(keyId(key))));
  }

  watches(destination: Destination): boolean {
    return this.#contents.watched.includes(encodeAddress(destination, this.#settings.params));
  }

  ownership(destination: Destination): Ownership | undefined {
    if (this.owns(destination)) return "spendable";
    return this.watches(destination) ? "watched" : undefined;
  }

  /** Every destination that it looks at. */
  destinations(): Destination[] {
    const keys = [...this.#keys.keys()].map((id) => ({ type: "keyHash" as const, id: wireHex(id) }));
    const scripts = this.redeemScripts().map((each) => ({
      type: "scriptHash" as const,
      id: scriptIdOf(each),
    }));
    const watched = this.#contents.watched.flatMap(
      (each) => decodeAddress(each, this.#settings.params) ?? [],
    );
    const all = [...keys, ...scripts, ...watched].map((each) => [addressKey(each), each] as const);
    return [...new Map(all).values()];
  }

  /** Unspent outputs, oldest first; those of the pool last. What the pool spends is spent. */
  coins(index: ChainIndex, { chain, mempool }: FullNode): WalletCoin[] {
    const state = chain.state();
    const destinations = this.destinations();
    const mined = destinations.flatMap((destination) =>
      index.ofAddress(destination).flatMap(({ kind, outpoint }) => {
        if (kind === "spent" || mempool.pool.spender(outpoint) !== undefined) return [];
        const coin = state.coin(outpoint);
        return coin === undefined ? [] : [this.#minedCoin(outpoint, coin, destination, state.height)];
      }),
    );
    return [
      ...mined.sort((a, b) => b.confirmations - a.confirmations),
      ...this.#loose(destinations, mempool, index),
    ];
  }

  #minedCoin(outpoint: Outpoint, coin: Coin, destination: Destination, height: number): WalletCoin {
    const confirmations = height - coin.height + 1;
    const { coinbase, value, scriptPubKey } = coin;
    return {
      outpoint,
      output: { value, scriptPubKey },
      coinbase,
      confirmations,
      spendable: this.owns(destination),
      mature: !coinbase || confirmations > this.#settings.params.coinbaseMaturity,
      trusted: true,
    };
  }

  #loose(
    destinations: readonly Destination[],
    { pool }: FullNode["mempool"],
    index: ChainIndex,
  ): WalletCoin[] {
    const wanted = new Set(destinations.map(addressKey));
    return [...pool.entries()].flatMap(({ tx, txid }) => {
      if (tx.kind !== "ordinary") return [];
      const trusted = tx.inputs.every(({ prevout }) => {
        const parent = pool.get(prevout.txid)?.tx;
        const spent = parent?.kind === "ordinary" ? parent.outputs[prevout.index] : index.output(prevout);
        const from = spent && scriptDestination(spent.scriptPubKey);
        return from !== undefined && this.owns(from);
      });
      return tx.outputs.flatMap((output, i) => {
        const destination = scriptDestination(output.scriptPubKey);
        const outpoint = { txid, index: i };
        if (destination === undefined || !wanted.has(addressKey(destination))) return [];
        if (pool.spender(outpoint) !== undefined) return [];
        const spendable = this.owns(destination);
        return [{ outpoint, output, coinbase: false, confirmations: 0, spendable, mature: true, trusted }];
      });
    });
  }

  /** Satoshi that payments may spend. Source: fluxd src/wallet/wallet.cpp CWallet::GetBalance. */
  balance(index: ChainIndex, node: FullNode): bigint {
    return this.coins(index, node)
      .filter(({ spendable, mature, trusted }) => spendable && mature && trusted)
      .reduce((sum, { output }) => sum + output.value, 0n);
  }

  /** What payments may spend, with what it takes to. `from`: the one address whose coins are wanted. */
  spendable(index: ChainIndex, node: FullNode, from?: string): SpendableCoin[] {
    return this.coins(index, node)
      .filter(
        ({ spendable, mature, trusted, outpoint }) =>
          spendable && mature && trusted && !this.lockedCoins.has(outpointKey(outpoint)),
      )
      .filter(
        ({ output }) =>
          from === undefined || scriptAddress(output.scriptPubKey, this.#settings.params) === from,
      )
      .map(({ outpoint, output }) => ({ outpoint, output, ...this.#spendingFacts(output.scriptPubKey) }));
  }

  #spendingFacts(script: Uint8Array): Partial<Pick<SpendableCoin, "redeemScript" | "publicKeyBytes">> {
    const destination = scriptDestination(script);
    if (destination?.type === "scriptHash") {
      const redeemScript = this.redeemScripts().find((each) => equalBytes(scriptIdOf(each), destination.id));
      return redeemScript === undefined ? {} : { redeemScript };
    }
    const length = destination && this.publicKeyOf(destination.id)?.length;
    return length === 65 ? { publicKeyBytes: 65 } : {};
  }

  /** FluxNodes whose operating keys are here. */
  producers(state: Pick<StateContents, "fluxnodes">): OwnProducer[] {
    if (this.locked) return [];
    return [...state.fluxnodes()].flatMap(({ status, outpoint, identity }) => {
      const key = status === "confirmed" ? this.key(keyId(identity.pubkey)) : undefined;
      return key === undefined ? [] : [{ collateral: outpoint, key }];
    });
  }

  /** Notes a payment of this wallet. */
  noteSent(sent: SentPayment): void {
    this.#save({ sent: [...this.#contents.sent, sent] });
  }

  /** Payments of this wallet, oldest first. */
  get sent(): WalletContents["sent"] {
    return this.#contents.sent;
  }
}

const idOf = ({ publicKey }: StoredKey): string => toWireHex(keyId(wireHex(publicKey)));
