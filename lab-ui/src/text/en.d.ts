/** Every word of the page, in one place: another language is another file of this shape. */
export declare const text: {
  readonly brand: "Flux Lab";
  readonly skip: "Skip to content";
  readonly nav: {
    readonly label: "Main";
    readonly scenarios: "Scenarios";
    readonly runs: "Runs";
    readonly compare: "Compare";
    readonly monteCarlo: "Monte Carlo";
  };
  readonly theme: {
    readonly label: "Colours";
    readonly auto: "Auto";
    readonly light: "Light";
    readonly dark: "Dark";
  };
  readonly help: {
    readonly open: "Keyboard";
    readonly title: "Keyboard";
    readonly close: "Close";
    readonly keys: readonly [
      readonly ["Space", "Pause and resume; play again once it is over"],
      readonly ["→  ←", "One block on; back a sample in time"],
      readonly ["Shift →", "One payment round on"],
      readonly ["Shift ←", "Back a tenth of the run"],
      readonly ["Home  End", "First and last moment"],
      readonly ["Esc", "Follow the newest block again"],
      readonly ["L", "Linear or logarithmic charts"],
      readonly ["?", "This list"],
    ];
  };
  readonly scenarios: {
    readonly heading: "Ask a question of the Flux network";
    readonly lead: "Each scenario is a question. It is played in this page, by the rules that real nodes run.";
    readonly mine: "Yours";
    readonly run: "Run";
    readonly edit: "Edit";
    readonly remove: "Delete";
    readonly import: "Import…";
    readonly create: "New scenario";
    readonly network: Record<string, string>;
    readonly nodes: (count: string) => string;
    readonly blocks: (count: string) => string;
    readonly picture: (nodes: string, blocks: string) => string;
    readonly importFailed: (name: string, problem: string) => string;
  };
  readonly editor: {
    readonly heading: "Scenario";
    readonly form: "Form";
    readonly yaml: "YAML";
    readonly save: "Save";
    readonly saved: "Saved in this browser";
    readonly run: "Run";
    readonly duplicate: "Duplicate";
    readonly export: "Export YAML";
    readonly library: "Comes with the lab: saving makes a copy of your own";
    readonly valid: (blocks: string, time: string) => string;
    readonly estimate: (time: string, rate: string) => string;
    readonly measuring: "measuring this machine…";
    readonly checking: "Checking…";
    readonly problems: (count: number) => string;
    readonly line: (line: number) => string;
    readonly expected: (expected: string, got: string) => string;
    readonly missing: "but it is missing";
    readonly got: (value: string) => string;
    readonly fields: {
      readonly name: "Name";
      readonly title: "Title";
      readonly question: "Question";
      readonly network: "Network";
      readonly from: "First block";
      readonly run: "Length";
      readonly startDate: "Date of the first block";
      readonly seed: "Seed";
      readonly supplyCap: "Supply cap";
      readonly "population.begin": "Population begins";
      readonly "population.cumulus": "Cumulus operators";
      readonly "population.nimbus": "Nimbus operators";
      readonly "population.stratus": "Stratus operators";
      readonly "operators.lifetime": "Mean lifetime";
      readonly "operators.outageEvery": "Mean time between outages";
      readonly "operators.outageLength": "Mean outage";
      readonly "operators.missedStarts": "Missed starts";
      readonly "economics.price": "Price of 1 FLUX";
      readonly "economics.monthlyCost.cumulus": "Monthly cost, Cumulus";
      readonly "economics.monthlyCost.nimbus": "Monthly cost, Nimbus";
      readonly "economics.monthlyCost.stratus": "Monthly cost, Stratus";
    };
    readonly groups: {
      readonly about: "About";
      readonly span: "Chain";
      readonly population: "Population";
      readonly habits: "Operators' habits";
      readonly economics: "Dollars";
    };
    readonly structured: "A list or a range: change it in the YAML";
    readonly unknown: (name: string) => string;
  };
  readonly run: {
    readonly play: "Play";
    readonly pause: "Pause";
    readonly resume: "Resume";
    readonly stepBlock: "Block";
    readonly stepRound: "Round";
    readonly stepRoundOf: (tier: string) => string;
    readonly again: "Play again";
    readonly speed: "Speed";
    readonly speeds: readonly (readonly [name: string, secondsPerSecond: number | undefined])[];
    readonly progress: (done: string, total: string) => string;
    readonly eta: (time: string) => string;
    readonly took: (time: string) => string;
    readonly paused: "paused";
    readonly digest: "Digest";
    readonly failed: "The run failed";
    readonly starting: "Starting…";
    readonly unknown: (name: string) => string;
    readonly timeline: "Moment shown";
    readonly follow: "Newest";
    readonly height: "Height";
    readonly seed: "Seed";
    readonly edit: "Edit scenario";
    readonly compare: "Compare";
    readonly copy: "Copy link";
    readonly copied: "Link copied";
    readonly tabs: {
      readonly label: "Views";
      readonly tokenomics: "Tokenomics";
      readonly queues: "Queues";
      readonly bridge: "Bridge";
      readonly events: "Events";
      readonly about: "Repeat";
    };
    readonly tier: "Tier";
  };
  readonly tiles: {
    readonly supply: "Supply";
    readonly ofCap: (share: string) => string;
    readonly subsidy: "Subsidy";
    readonly perBlock: "FLUX a block";
    readonly perPayment: (amount: string) => string;
    readonly perYear: "a year";
    readonly inflation: "Inflation";
    readonly issued: (amount: string) => string;
    readonly queued: (count: string) => string;
    readonly queuedAndPaid: (count: string, time: string) => string;
  };
  readonly chart: {
    readonly linear: "Linear";
    readonly log: "Log";
    readonly table: "Table";
    readonly chart: "Chart";
    readonly exports: "Export";
    readonly moment: "Moment";
    readonly at: (moment: string, height: string) => string;
    readonly shortened: (shown: string, all: string) => string;
    readonly from: "From";
    readonly to: "To";
    readonly count: "Waits";
    readonly empty: "Nothing to show yet";
  };
  readonly charts: {
    readonly before: "Before the run";
    readonly producers: "Producers";
    readonly devFund: "Dev fund";
    readonly funds: "Special funds";
    readonly supply: {
      readonly title: "Supply";
      readonly note: (floor: string) => string;
    };
    readonly cap: (amount: string) => string;
    readonly issuance: {
      readonly title: "Issuance";
      readonly note: "FLUX a day by block rewards; special funds left out";
    };
    readonly inflation: {
      readonly title: "Inflation";
      readonly note: "Block rewards of a year at this pace, as a part of the supply";
    };
    readonly payouts: {
      readonly title: "Payouts";
      readonly note: "FLUX a day to each tier, producers and funds";
    };
    readonly share: {
      readonly title: "One payment";
      readonly note: "FLUX that one payment brings";
    };
    readonly queue: {
      readonly title: "Queue length";
      readonly note: "Confirmed nodes";
    };
    readonly lists: {
      readonly title: "Other lists";
      readonly note: "Nodes that the chain lists as STARTED and as DoS";
      readonly started: "Started";
      readonly dos: "DoS";
    };
    readonly spread: {
      readonly title: (tier: string) => string;
      readonly note: "FLUX a year: 5 to 95 % of the nodes, and the median";
      readonly range: "5 to 95 % of nodes";
      readonly median: "Median";
    };
    readonly waits: {
      readonly title: (tier: string) => string;
      readonly note: (median: string, p95: string) => string;
      readonly none: "No wait has ended yet";
    };
    readonly roi: {
      readonly title: "Return";
      readonly note: "A confirmed node's year, averaged over what was played";
      readonly price: "1 FLUX, USD";
      readonly cost: (tier: string) => string;
      readonly released: "Parallel assets";
      readonly columns: readonly [
        "Tier",
        "Collateral",
        "FLUX a year",
        "Return",
        "Net a month",
        "Breaks even in",
      ];
      readonly parallel: "with parallel assets";
      readonly never: "never";
      readonly breakEven: {
        readonly title: "Break-even";
        readonly note: "Years until net income has paid the collateral, by price of 1 FLUX";
      };
    };
    readonly median: "Median";
    readonly within: (share: string) => string;
    readonly path: (number: number) => string;
  };
  readonly queues: {
    readonly heading: (height: string) => string;
    readonly live: "The queues stand where the run stands; pause and step to watch them move.";
    readonly next: "next block";
    readonly inTime: (time: string) => string;
    readonly node: (node: string) => string;
    readonly lastPaid: (height: string) => string;
    readonly never: "never paid";
    readonly length: (count: string) => string;
    readonly roundOf: (time: string) => string;
    readonly find: "Node number";
    readonly history: "Payment history";
    readonly none: "No node has that number.";
    readonly absent: "This run is over and recorded: its queues are no longer there. Play it again to see them.";
    readonly position: (ahead: string, time: string) => string;
    readonly isNext: "Paid in the next block";
    readonly notQueued: {
      readonly started: "Started, not confirmed yet";
      readonly dos: "In the DoS list";
      readonly none: "Not on the chain";
      readonly left: "Its operator has left";
    };
    readonly facts: (payments: string, earned: string) => string;
    readonly since: (height: string) => string;
    readonly emptyTier: "Nobody queues";
    readonly column: readonly ["Height", "When", "Wait"];
  };
  readonly events: {
    readonly caption: "What happened, or was due";
    readonly height: "Height";
    readonly when: "When";
    readonly what: "What";
    readonly seek: "Show this moment";
  };
  readonly bridge: {
    readonly caption: "Coins without backing, FLUX, by confirmations (rows) and replaced blocks (columns)";
    readonly confirmations: "Confirmations";
    readonly intact: "intact";
    readonly holding: (n: string) => string;
    readonly broken: "Something that was tried broke every swap.";
    readonly unfinished: "The bridge is played after the last block.";
  };
  readonly about: {
    readonly command: "The same run on the command line";
    readonly link: "The same run in this page";
    readonly scenarioHash: "Scenario";
    readonly rules: "Rules";
    readonly network: "Network";
    readonly partial: "The digest covers the blocks played so far; it is final when the run is.";
  };
  readonly runs: {
    readonly heading: "Runs";
    readonly session: "This session";
    readonly none: "No run yet. Choose a scenario and play it.";
    readonly stored: "Recorded on this machine";
    readonly storedNone: "npm run sim -- reward-cycle leaves its record here.";
    readonly open: "Open";
    readonly close: "End and forget";
    readonly report: "Report";
    readonly noServer: "Recorded runs are listed when the lab is started with npm start.";
    readonly failed: "The record could not be opened";
    readonly columns: {
      readonly scenario: "Scenario";
      readonly seed: "Seed";
      readonly blocks: "Blocks";
      readonly state: "State";
      readonly digest: "Digest";
      readonly written: "Written";
    };
    readonly states: {
      readonly running: "playing";
      readonly paused: "paused";
      readonly done: "complete";
      readonly starting: "starting";
      readonly failed: "failed";
    };
  };
  readonly compare: {
    readonly heading: "Compare runs";
    readonly lead: "Runs on one axis, counted from their first block.";
    readonly need: "Choose two runs or more. A run that is still played can be compared as far as it has come.";
    readonly start: "Play two scenarios to compare";
    readonly differ: "What differs";
    readonly same: "Same scenario and seed.";
    readonly parameter: "Parameter";
    readonly first: (height: string) => string;
    readonly none: "No sample differs.";
    readonly notSameHeights: "Their samples stand at other heights, so no first difference can be named.";
    readonly digests: (equal: boolean) => "Digests are equal." | "Digests differ.";
    readonly runs: "Runs";
  };
  readonly metrics: {
    readonly label: "Figure";
    readonly supply: "Supply, FLUX";
    readonly issuance: "Issuance, FLUX a day";
    readonly payoutCumulus: "Cumulus payout, FLUX a node and year";
    readonly payoutNimbus: "Nimbus payout, FLUX a node and year";
    readonly payoutStratus: "Stratus payout, FLUX a node and year";
    readonly queueCumulus: "Cumulus queue, nodes";
    readonly queueNimbus: "Nimbus queue, nodes";
    readonly queueStratus: "Stratus queue, nodes";
    readonly dos: "DoS list, nodes";
  };
  readonly monteCarlo: {
    readonly heading: "Monte Carlo";
    readonly lead: "Many seeds of one scenario, played on all cores of this machine.";
    readonly scenario: "Scenario";
    readonly kind: "Experiment";
    readonly kinds: {
      readonly fan: "Fan of seeds";
      readonly tornado: "Sensitivities";
      readonly heat: "Two parameters";
    };
    readonly seeds: "Seeds";
    readonly start: "Start";
    readonly cancel: "Cancel";
    readonly progress: (done: string, total: string) => string;
    readonly eta: (time: string) => string;
    readonly took: (runs: string, time: string) => string;
    readonly cancelled: (runs: string) => string;
    readonly common: "Every variant is played with the same seeds, so that what differs is the parameter, not chance.";
    readonly tornado: {
      readonly title: "What moves it most";
      readonly note: (change: string) => string;
    };
    readonly heat: {
      readonly title: "Two parameters";
      readonly note: "Mean over the seeds at the end of the run";
    };
    readonly change: "Change";
    readonly across: "Across";
    readonly upwards: "Up";
    readonly base: "as written";
    readonly parameters: {
      readonly "population.cumulus": "Cumulus operators";
      readonly "population.nimbus": "Nimbus operators";
      readonly "population.stratus": "Stratus operators";
      readonly "operators.lifetime": "Mean lifetime";
      readonly "operators.outageEvery": "Time between outages";
      readonly "operators.outageLength": "Outage length";
      readonly "operators.missedStarts": "Missed starts";
    };
    readonly noParameters: "This scenario has no parameter that can be scaled.";
    readonly value: "Value";
  };
};
