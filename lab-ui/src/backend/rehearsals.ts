import type {
  RehearsalList,
  RehearsalProgress,
  RunningRehearsal,
  StartRehearsal,
  StoredRehearsal,
  TestnetEnd,
} from "@fluxlab/lab-ui/api";
import { askServer, followServer } from "./server.ts";

// Rehearsals through the lab's server.

export const listRehearsals = (): Promise<RehearsalList> => askServer("rehearsals");

export const storedRehearsal = (name: string): Promise<StoredRehearsal> =>
  askServer(`rehearsals/${encodeURIComponent(name)}`);

export const startRehearsal = (body: StartRehearsal, token: string): Promise<RunningRehearsal> =>
  askServer("rehearsals", { method: "POST", body, token });

export const endRehearsal = (token: string): Promise<object> =>
  askServer("rehearsing", { method: "DELETE", token });

export const followRehearsal = (
  onEvent: (event: RehearsalProgress | TestnetEnd) => void,
  onLost: () => void,
): (() => void) => followServer("rehearsing", onEvent, onLost);
