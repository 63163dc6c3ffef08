import { benchNode } from "./node.bench.ts";

benchNode();
