import { library } from "virtual:library";
import { computed, shallowRef, watch } from "vue";
import { type EconomyEntry, isSpreadEntry, type LibraryEntry } from "../backend/library.ts";

const KEY = "flux-lab.scenarios";

/** Scenarios of the reader's own; kept in this browser. */
export const ownScenarios = shallowRef<readonly LibraryEntry[]>(readStored());

/** Those that come with the lab. */
export const shippedScenarios = library;

/** All of them, the reader's first, so that a changed copy wins over what it was copied from. */
const allScenarios = computed(() => [...ownScenarios.value, ...library]);

export const findScenario = (name: string): LibraryEntry | undefined =>
  allScenarios.value.find(({ scenario }) => scenario.name === name);

/** Those of the economy, which experiments play. */
export const economyScenarios = computed(() =>
  allScenarios.value.filter((entry): entry is EconomyEntry => !isSpreadEntry(entry)),
);

/** An entry under another name, which its text has already. */
export const renamed = (entry: LibraryEntry, name: string, yaml: string): LibraryEntry =>
  isSpreadEntry(entry)
    ? { ...entry, scenario: { ...entry.scenario, name }, yaml }
    : { ...entry, scenario: { ...entry.scenario, name }, yaml };

export const isOwn = (name: string): boolean =>
  ownScenarios.value.some(({ scenario }) => scenario.name === name);

/** Keeps a scenario; one of the same name is replaced. */
export function saveScenario(entry: LibraryEntry): void {
  ownScenarios.value = [
    entry,
    ...ownScenarios.value.filter(({ scenario }) => scenario.name !== entry.scenario.name),
  ];
}

export function removeScenario(name: string): void {
  ownScenarios.value = ownScenarios.value.filter(({ scenario }) => scenario.name !== name);
}

/** `name`, or the first of name-2, name-3, … that is free. */
export function freeName(name: string): string {
  const base = name.replace(/-\d+$/, "");
  let candidate = name;
  for (let count = 2; findScenario(candidate) !== undefined; count++) candidate = `${base}-${count}`;
  return candidate;
}

function readStored(): readonly LibraryEntry[] {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "[]") as readonly LibraryEntry[];
    return stored.filter((entry) => entry?.scenario?.name !== undefined && entry.facts !== undefined);
  } catch {
    return []; // written by something else
  }
}

watch(ownScenarios, (entries) => localStorage.setItem(KEY, JSON.stringify(entries)));
