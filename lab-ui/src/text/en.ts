/** Every word of the page, in one place: another language is another file of this shape. */
export const text = {
  brand: "Flux Lab",
  nav: { scenarios: "Scenarios", runs: "Runs" },
  theme: { label: "Colours", auto: "Auto", light: "Light", dark: "Dark" },
  scenarios: {
    heading: "Ask a question of the Flux network",
    lead: "Each scenario is a question. Play it here, in this page, with the rules that real nodes run.",
    run: "Run",
    open: "Open",
    network: "Network",
    span: "Blocks",
    nodes: "Nodes",
    from: (height: string) => `from height ${height}`,
  },
  run: {
    pause: "Pause",
    resume: "Resume",
    stepBlock: "+1 block",
    again: "Run again",
    progress: (done: string, total: string) => `${done} of ${total} blocks`,
    eta: (time: string) => `${time} left`,
    digest: "Digest",
    failed: "The run failed",
    starting: "Starting…",
  },
} as const;
