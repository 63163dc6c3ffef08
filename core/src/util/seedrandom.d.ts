// @types/seedrandom covers the package's main entry only; core uses one generator of it by its own file.
declare module "seedrandom/lib/xorshift7.js" {
  interface Xorshift7 {
    /** The next 32 bits as a signed integer. */
    int32(): number;
  }
  export default function xorshift7(seed: string): Xorshift7;
}
