import type { NodeDefinition } from "#contract/node-definition.ts";
import { nodeDefinitions } from "#nodes/definitions.ts";

/** The types of which a step can be added. A flow begins at one step only. */
export const addableTypes = (): NodeDefinition[] => Object.values<NodeDefinition>(nodeDefinitions).filter(({ type }) => type !== "start");
