import { isNothing, readInputValue } from "#contract/flow-inputs.ts";
import type { FlowNode } from "#contract/flows.ts";
import type { SimulationEvent, SimulationScript } from "#contract/simulations.ts";
import { split } from "#nodes/split/definition.ts";
import { inputsOf } from "#web/entities/flows/flow-inputs.ts";
import { momentOfText } from "#web/entities/schedule/zoned-time.ts";

export type AnswerKind = "success" | "error" | "timeout";

/** What a person has entered. */
export interface ScriptDraft {
  who: "contact" | "typed";
  contactId: string | null;
  typed: { firstname: string; lastname: string; phoneNumber: string; email: string };
  /** On the workspace's clock: "2026-12-01T09:00". Empty: now. */
  startAt: string;
  answers: Record<string, AnswerKind>;
  /** The JSON with which a webhook answers, by its step. */
  samples: Record<string, string>;
  shares: Record<string, string>;
  /** What is given for what the flow asks for, by name. Empty: its default, or a sample of its kind. */
  values: Record<string, string>;
  events: (Extract<SimulationEvent, { type: "stop" | "reply" }> | StatusChange)[];
}

interface StatusChange {
  type: "change";
  afterSeconds: number;
  leadStatus: string;
}

export const newScript: ScriptDraft = {
  who: "contact",
  contactId: null,
  typed: { firstname: "", lastname: "", phoneNumber: "", email: "" },
  startAt: "",
  answers: {},
  samples: {},
  shares: {},
  values: {},
  events: [],
};

export type ScriptProblems = Partial<Record<"contact" | "startAt", string>> & {
  samples?: Record<string, string>;
  values?: Record<string, string>;
};

/** What a flow asks for, its webhooks, and its splits with their shares. */
export function choicesOf(nodes: readonly FlowNode[]) {
  return {
    inputs: inputsOf(nodes),
    webhooks: nodes.filter(({ type }) => type === "webhook"),
    splits: nodes.flatMap((node) => {
      const config = node.type === split.type ? split.config.safeParse(node.data.config ?? {}) : undefined;
      return config?.success ? [{ node, shares: config.data.shares }] : [];
    }),
  };
}

/** The script that a person has entered, or what is wrong with it. Answers of steps that are no longer there are left out. */
export function readScript(
  draft: ScriptDraft,
  { nodes, zone }: { nodes: readonly FlowNode[]; zone: string },
): { script: Partial<SimulationScript> & Pick<SimulationScript, "contact">; problems?: undefined } | { problems: ScriptProblems } {
  const { inputs, webhooks, splits } = choicesOf(nodes);
  const problems: ScriptProblems = {};
  const at = draft.startAt === "" ? undefined : momentOfText(draft.startAt, zone);
  if (draft.startAt !== "" && at === undefined) problems.startAt = "Enter a day and a time";
  if (draft.who === "contact" && draft.contactId === null) problems.contact = "Choose a contact";
  const samples = new Map<string, unknown>();
  for (const { id } of webhooks) {
    const text = draft.samples[id]?.trim() ?? "";
    if ((draft.answers[id] ?? "success") !== "success" || text === "") continue;
    try {
      samples.set(id, JSON.parse(text));
    } catch {
      problems.samples = { ...problems.samples, [id]: "This is not JSON" };
    }
  }
  const given = inputs.filter(({ name }) => !isNothing(draft.values[name]));
  for (const input of given) {
    const { problem } = readInputValue(input, draft.values[input.name]);
    if (problem !== undefined) problems.values = { ...problems.values, [input.name]: problem };
  }
  if (Object.keys(problems).length > 0) return { problems };
  const { phoneNumber, email, ...names } = draft.typed;
  return {
    script: {
      contact:
        draft.who === "contact"
          ? { id: draft.contactId as string }
          : { fields: { ...names, phoneNumber: phoneNumber || null, email: email || null } },
      ...(given.length > 0 && { values: Object.fromEntries(given.map(({ name }) => [name, draft.values[name]])) }),
      ...(at !== undefined && { startAt: new Date(at).toISOString() }),
      events: draft.events.map((event) =>
        event.type !== "change" ? event : { type: "change", afterSeconds: event.afterSeconds, fields: { leadStatus: event.leadStatus } },
      ),
      answers: Object.fromEntries(
        webhooks.map(({ id }) => {
          const kind = draft.answers[id] ?? "success";
          if (kind === "timeout") return [id, { type: "timeout" as const }];
          if (kind === "error") return [id, { type: "error" as const, status: 500 }];
          return [id, { type: "success" as const, status: 200, ...(samples.has(id) && { body: samples.get(id) }) }];
        }),
      ),
      shares: Object.fromEntries(
        splits.flatMap(({ node, shares }) => {
          const wanted = draft.shares[node.id];
          return shares.some(({ id }) => id === wanted) ? [[node.id, wanted as string]] : [];
        }),
      ),
    },
  };
}
