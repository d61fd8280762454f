import type { NodeExecutor } from "#engine/executor.ts";
import { end as endExecution } from "#engine/executor.ts";
import type { end } from "./definition.ts";

export const executeEnd: NodeExecutor<typeof end> = ({ config }) => endExecution({ result: config.result });
