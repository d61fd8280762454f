import { choice, step, type Translate, withoutEffect } from "./translation.ts";

const flowNames = ["flowid", "targetflowid", "targetflow", "flow", "workflowid", "targetworkflowid", "workflow"];
const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** Whether there is such a flow in this workspace is asked where the workspace is known. */
const chooseFlow = (id: string | undefined) =>
  id !== undefined && isUuid(id)
    ? []
    : [
        choice(
          id === undefined
            ? "It names no flow. Choose one."
            : `It started the flow “${id}” of the other product. Choose the flow of this workspace.`,
        ),
      ];

export const translateStartFlow: Translate = (settings) => {
  const id = settings.text(...flowNames, "target", "targetid", "id");
  return step("start_flow", { flowId: id ?? "", wait: true }, chooseFlow(id));
};

/** A sequence of the other product is a flow here. */
export const translateSequence: Translate = (settings) => {
  const id = settings.text("campaignid", "sequenceid", "campaign", "sequence", "id");
  return step("start_flow", { flowId: id ?? "", wait: false }, [
    choice(
      `It entered the contact into the sequence${id === undefined ? "" : ` “${id}”`}. Make a flow of that sequence and choose it here.`,
    ),
  ]);
};

/** Leads to a step of this flow, or starts another one. */
export const translateGoTo: Translate = (settings, { nodeIds }) => {
  const target = settings.text(
    "target",
    "targetid",
    "targetstep",
    "targetstepid",
    "targetnode",
    "targetnodeid",
    "step",
    "stepid",
    "nodeid",
    "goto",
  );
  if (target !== undefined && nodeIds.has(target)) {
    const times = settings.number("times", "maxtimes", "maxloops", "limit", "count");
    const notes = times === undefined ? [choice("It had no limit. Here it goes back 3 times at most; choose how often.")] : [];
    return step("go_to", { target, times: times ?? 3 }, notes);
  }
  const flow = settings.text(...flowNames) ?? target;
  return flow === undefined ? undefined : step("start_flow", { flowId: flow, wait: false }, chooseFlow(flow));
};

/** Flows are started by people, the API and other flows. */
export const translateStart: Translate = (settings) => {
  const by = settings.text("triggertype", "trigger", "event", "eventtype", "type", "source");
  const isManual = by === undefined || /^(manual|start|api|trigger|none)$/i.test(by);
  const notes = isManual ? [] : [choice(`It was started by “${by}”. Here a person, the API or another flow starts it.`)];
  if (settings.take("conditions", "filters", "filter", "schedule") !== undefined) {
    notes.push(withoutEffect("What it was started by: choose who enters when you send the flow."));
  }
  return step("start", {}, notes);
};

export const translateEnd: Translate = () => step("end", { result: "neutral" });
