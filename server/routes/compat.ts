import { executeForContact } from "../commands/execute-for-contact.ts";
import type { Handlers } from "../http/handler.ts";

/**
 * The founding document's three routes. The workspace has been checked before. Each answers with the execution that it
 * began.
 */
export const compatRoutes = {
  executeForContact: async ({ body, resources, note, ...call }) => {
    const { workflowId: flowId, contactId, isTest } = body;
    const started = await executeForContact({ ...call, engine: resources.engine, flowId, contactId, isTest });
    note({ subjectId: started.taskId });
    return started;
  },

  executeWorkflow: async ({ body, resources, note, ...call }) => {
    const { workflowId: flowId, contactId, isTest, skipWaits, triggerData, workflowDefinition: graph } = body;
    const started = await executeForContact({
      ...call,
      engine: resources.engine,
      flowId,
      contactId,
      isTest,
      skipWaits,
      triggerData,
      graph,
    });
    note({ subjectId: started.taskId });
    return started;
  },

  executeFlow: async ({ body, params, resources, note, ...call }) => {
    const { contactId, isTest, triggerData } = body;
    const flowId = params.workflowId;
    const started = await executeForContact({ ...call, engine: resources.engine, flowId, contactId, isTest, triggerData });
    note({ subjectId: started.taskId });
    return started;
  },
} satisfies Pick<Handlers, "executeForContact" | "executeWorkflow" | "executeFlow">;
