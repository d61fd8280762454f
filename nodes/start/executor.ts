import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { next } from "#engine/flow/node-executor.ts";
import type { start } from "./definition.ts";

/** The re-entry rule was applied when the contact was enrolled, so nothing is left to decide here. */
export const executeStart: NodeExecutor<typeof start> = () => next();
