import { parseArgs } from "node:util";
import { fuzzProperties, PROPERTY_TARGETS, type PropertyTarget } from "./properties.ts";

// npm run fuzz [-- <target>] …: the properties of the tests, over and over with fresh seeds.

const HELP = `usage: npm run fuzz [-- TARGET [--seed N] [--minutes N] [--path P --property NAME]]

Without a target, or with "messages": mutated transactions and blocks against the parser, for a minute
([--minutes N | --inputs N] [--seed TEXT]).

Other targets run the property tests of one area with fresh seeds, without end unless --minutes says so:
${Object.entries(PROPERTY_TARGETS)
  .map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`)
  .join("\n")}
  all        all of them

Examples:
  npm run fuzz -- --minutes 5
  npm run fuzz -- chain
  npm run fuzz -- assets --minutes 30 --seed 7
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: "boolean", short: "h" },
    seed: { type: "string" },
    minutes: { type: "string" },
    inputs: { type: "string" },
    path: { type: "string" },
    property: { type: "string" },
  },
});
const [target = "messages"] = positionals;

/** Prints what to change and ends. */
function refuse(message: string): never {
  console.error(`fuzz: ${message}`);
  process.exit(2);
}

function positive(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  return number > 0 ? number : refuse(`--${option} is a positive number, not "${text}"`);
}

if (values.help) console.log(HELP);
else if (target === "messages") await import("./parse.ts");
else if (target === "all" || target in PROPERTY_TARGETS) {
  const targets =
    target === "all" ? (Object.keys(PROPERTY_TARGETS) as PropertyTarget[]) : [target as PropertyTarget];
  process.exitCode = await fuzzProperties(target, targets, {
    seed: positive("seed", values.seed),
    minutes: positive("minutes", values.minutes),
    path: values.path,
    property: values.property,
  });
} else refuse(`there is no target "${target}": messages, ${Object.keys(PROPERTY_TARGETS).join(", ")} or all`);
