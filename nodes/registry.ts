import type { NodeRegistry } from "#engine/flow/node-registry.ts";
import { nodeDefinitions } from "./definitions.ts";
import { nodeExecutors } from "./executors.ts";
import { findEntry } from "./graph/find-entry.ts";
import { validateFlow } from "./graph/validate-flow.ts";

/** The node types in the form in which the engine takes them. */
export const nodeRegistry: NodeRegistry = { definitions: nodeDefinitions, executors: nodeExecutors, validateFlow, findEntry };
