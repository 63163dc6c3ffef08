export { builtPage } from "./builtPage.ts";
export { type LabServer, serveLab } from "./labServer.ts";
