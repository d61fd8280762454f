import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { end as endExecution } from "#engine/flow/node-executor.ts";
import type { end } from "./definition.ts";

export const executeEnd: NodeExecutor<typeof end> = ({ config }) => endExecution({ result: config.result });
