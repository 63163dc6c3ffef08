import { expose } from "comlink";
import { PacedRun } from "./paced.ts";

// A run in a thread of the page. With paced.ts the only file of the page that runs the simulator.

expose(new PacedRun());
