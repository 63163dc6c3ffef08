// AssemblyScript. The module every node loads: verification, and solving for small parameters. Its memory is its own.

import { CLAIM_BYTES, CLAIM_INPUT, CLAIM_SOLUTION, CLAIMS_MAX, checkClaims, claims } from "./verify";

export { lostRows, solutionList, solveInput, solveSmall } from "./solveSmall";
export { CLAIM_BYTES, CLAIM_INPUT, CLAIM_SOLUTION, CLAIMS_MAX, checkClaims, claims };
