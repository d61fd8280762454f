import { readPhone } from "#channels/sms/phone.ts";
import { splitField } from "#contract/field-path.ts";
import { WorkBudget } from "#contract/work-budget.ts";
import { readField } from "#engine/execution/field-reader.ts";
import type { ContactFields, DecideContext, NodeContext, Place } from "#engine/flow/node-executor.ts";
import { renderText } from "#engine/flow/render-template.ts";

export const someContact: ContactFields = {
  id: "00000000-0000-7000-8000-000000000001",
  name: null,
  firstname: "Ada",
  lastname: "Lovelace",
  email: "ada@example.test",
  phone_number: "+1 555 100 2000",
  phone_e164: "+15551002000",
  lead_status: "Customer",
  conversation_status: "New",
  time_zone: null,
  metadata: {},
  sms_opted_out: false,
  email_opted_out: false,
  dnc: false,
  created_at: new Date("2026-01-02T03:04:05Z"),
  updated_at: new Date("2026-02-03T04:05:06Z"),
};

export interface ContextValues<Config> {
  config: Config;
  contact?: Partial<ContactFields>;
  trigger?: Record<string, unknown>;
  variables?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  workspaceZone?: string;
  now?: string;
  waited?: boolean;
  waiting?: NodeContext["waiting"];
  place?: Partial<Place>;
  answer?: NodeContext["answer"];
  child?: NodeContext["child"];
  replies?: NodeContext["replies"];
  given?: NodeContext["given"];
}

const somePlace: Place = { flowId: "flow", draw: "execution", nodeId: "node", visit: 1, earlierVisits: 0 };

/** The context that a node gets, for tests that call its executor directly. */
export function nodeContext<Config>(values: ContextValues<Config>): NodeContext<Config> & DecideContext {
  const contact = { ...someContact, ...values.contact };
  const workspace = { name: "Test", timeZone: values.workspaceZone ?? "UTC", country: "US" };
  const work = new WorkBudget();
  const sources = {
    contact,
    trigger: values.trigger ?? {},
    workspace,
    variables: values.variables ?? null,
    outputs: values.outputs ?? null,
  };
  return {
    config: values.config,
    contact,
    workspace,
    now: new Date(values.now ?? "2026-11-22T12:00:00Z"),
    waited: values.waited ?? false,
    waiting: values.waiting,
    answer: values.answer,
    child: values.child,
    replies: values.replies ?? [],
    ...(values.given && { given: values.given }),
    place: { ...somePlace, ...values.place },
    read: (field) => readField(sources, splitField(field)),
    fill: (text, target = "text") => renderText(text, target, (path) => readField(sources, path), { contact, workspace, work }),
    work,
    readPhone: (typed) => readPhone(typed, workspace.country),
    spellStatus: (name) => name,
  };
}
