import { z } from "zod";
import type { NodeDefinition } from "#contract/node-definition.ts";
import type { NodeTypeDescription } from "#contract/node-types.ts";
import { nodeDefinitions } from "./definitions.ts";

/** Every type of step with the JSON Schema of what is typed as its settings, which may leave out what has a default. */
export const nodeTypeDescriptions: readonly NodeTypeDescription[] = Object.values<NodeDefinition>(nodeDefinitions).map(
  ({ type, label, description, category, config }) => ({
    type,
    label,
    description,
    category,
    config: z.toJSONSchema(config, { io: "input", unrepresentable: "any" }),
  }),
);
