export { nodeEquihash, readModule } from "./equihash.ts";
