import type { NodeRegistry } from "#engine/flow/node-registry.ts";
import { nodeDefinitions } from "./definitions.ts";
import { nodeExecutors } from "./executors.ts";
import { findEntry } from "./graph/find-entry.ts";
import { validateFlow } from "./graph/validate-flow.ts";

/** The catalogue as the engine takes it. */
export const nodeRegistry: NodeRegistry = { definitions: nodeDefinitions, executors: nodeExecutors, validateFlow, findEntry };
