// Who may import whom, one rule a line. `npm run check:imports` applies it; test/architecture/imports.test.ts proves that
// the tree obeys and that every rule here can fail.

/** Folders of a source tree in order: each may import itself and those before it. */
const CORE = ["util", "bytes", "primitives", "params", "crypto", "script", "rules", "state", "chain", "mempool", "wallet", "mining", "node"];
const SIM = ["kernel", "net", "relay", "world", "faults", "checkers", "witness", "rehearsal", "scenario", "swarm", "record"];

const forbid = (name, from, to, comment) => ({ name, severity: "error", comment, from, to });
const npm = (name) => `(^|/)node_modules/${name}/`;
const only = (...paths) => ({ pathNot: paths });

/** Rules for one source tree: one per folder, and one that no folder stands outside the order. */
const layers = (name, root, folders) => [
  ...folders.map((folder, i) =>
    forbid(`${name}-${folder}`, { path: `^${root}/${folder}/` }, { path: `^${root}/`, pathNot: `^${root}/(${folders.slice(0, i + 1).join("|")})/` }, `${root}/${folder} imports only ${folders.slice(0, i + 1).join(", ")}`),
  ),
  forbid(`${name}-folders`, { path: `^${root}/[^/]+$` }, { path: `^${root}/[^/]+/`, pathNot: `^${root}/(${folders.join("|")})/` }, `a new folder of ${root} takes its place in the order above`),
];

const CORE_API = "^core/src/index\\.ts$";
const REPORT_PARTS = "^reports/src/(metrics|charts)/index\\.ts$";
const SIM_API = "^sim/src/(scenario/)?index\\.ts$";
const SCENARIO_API = "^sim/src/scenario/index\\.ts$";
/** Runs anywhere: knows no host. */
const HOST_FREE = "^(core/src|sim/src|reports/src|scenarios)/";
const SCHEMA_FILES = "^sim/src/scenario/(schema|decode|networkSchema|spreadSchema|faultSchema)\\.ts$";

const forbidden = [
  ...layers("core", "core/src", CORE),
  ...layers("sim", "sim/src", SIM),
  forbid("core-packages", { path: "^core/src/" }, only("^core/src/", npm("@noble"), npm("seedrandom")), "core imports only @noble/* and seedrandom"),
  forbid("core-seedrandom", { path: "^core/src/", pathNot: "^core/src/util/random\\.ts$" }, { path: npm("seedrandom") }, "chance has one source: util/random.ts"),
  forbid("core-curves", { path: "^core/src/", pathNot: "^core/src/crypto/" }, { path: npm("@noble/curves") }, "signatures are made and checked in crypto"),
  forbid("sim-packages", { path: "^sim/src/" }, only("^sim/src/", CORE_API, npm("@noble/hashes"), npm("effect"), npm("yaml")), "sim/src imports only core and @noble/hashes, and in scenario effect and yaml"),
  forbid("sim-effect", { path: "^sim/src/", pathNot: SCHEMA_FILES }, { path: npm("effect") }, "effect's Schema reads files and does nothing else"),
  forbid("sim-yaml", { path: "^sim/src/", pathNot: "^sim/src/scenario/yaml\\.ts$" }, { path: npm("yaml") }, "one file knows what YAML is"),
  forbid("core-threads", { path: "^core/threads/" }, only("^core/threads/", CORE_API), "the solver's threads know no host, so that every host can run them"),
  forbid("core-browser", { path: "^core/browser/" }, only("^core/(browser|threads)/", CORE_API), "what runs in a page knows no Node.js"),
  forbid("scenarios-packages", { path: "^scenarios/" }, only("^scenarios/", SCENARIO_API), "scenarios are data made by the builders"),
  forbid("reports-packages", { path: "^reports/src/" }, only("^reports/src/", CORE_API, SIM_API, npm("d3-[a-z]+")), "reports/src imports only core, sim and d3-*"),
  forbid("no-built-ins", { path: HOST_FREE }, { dependencyTypes: ["core"] }, "what runs in a page and in a worker knows no Node.js"),
  forbid("no-host", { path: "^[^/]+/src/|^scenarios/", pathNot: "^testnet/src/" }, { path: "^(core|sim)/(host|browser|threads)/" }, "sources do not know what runs them"),
  forbid(
    "testnet-effect",
    { path: "^testnet/", pathNot: "^testnet/src/fleet/(testnetSchema|ssh/inventorySchema|rehearsal/rehearsalSchema)\\.ts$" },
    { path: npm("effect") },
    "effect's Schema reads scenarios of testnets, plans and inventories, and does nothing else",
  ),
  forbid("testnet-fleet", { path: "^testnet/src/fleet/" }, { path: "^testnet/src/(host|rpc)/" }, "the laboratory knows its nodes by their command line, port and log, as it would any other version"),
  forbid("testnet-nodes", { path: "^testnet/src/(host|rpc)/" }, { path: "^testnet/src/fleet/" }, "a node does not know of the laboratory"),
  forbid("core-host", { path: "^core/host/" }, { path: "^(sim|scenarios|reports|testnet|lab-ui)/" }, "core/host knows no other package of the lab: its executables bring what they need of them"),
  forbid("page-worker", { path: "^lab-ui/src/", pathNot: "^lab-ui/src/worker/" }, { path: "^(sim|scenarios)/", dependencyTypesNot: ["type-only"] }, "in the page only the worker runs the simulator; all else knows its types"),
  forbid("page-reports", { path: "^lab-ui/src/" }, { path: "^reports/", pathNot: REPORT_PARTS }, "the page takes metrics and the geometry of charts from reports, not documents"),
  forbid("page-hosts", { path: "^lab-ui/src/" }, { path: "^(lab-ui/(server|bin)|core/host|sim/host|testnet)/" }, "the page runs in a browser"),
  forbid("page-built-ins", { path: "^lab-ui/src/" }, { dependencyTypes: ["core"] }, "the page knows no Node.js"),
  forbid("no-bin", { pathNot: "^[^/]+/bin/" }, { path: "^[^/]+/bin/" }, "executables are started, not imported"),
  forbid("by-name", { path: "^(core|reports|scenarios|testnet|sim/[^/]+|lab-ui/[^/]+)/" }, { pathNot: "^$1/", dependencyTypes: ["local"], dependencyTypesNot: ["aliased"] }, "another package is imported by its name, so through its exports"),
  forbid("resolvable", {}, { couldNotResolve: true }, "every import exists, and packages export it"),
  forbid("no-cycles", {}, { circular: true }, "no file depends on itself"),
];

export default {
  forbidden,
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(\\.tsbuild|dist)/|^virtual:" },
    tsPreCompilationDeps: true, // an `import type` is a dependency too
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
