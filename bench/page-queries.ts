import type { ContactFilter } from "#contract/contacts.ts";

/** A request of a screen. */
export interface PageQuery {
  name: string;
  path: string;
  /** Milliseconds that its p95 may take. */
  budget: number;
  /** Follows the cursor until there is no more, or so many pages: the time until everything was found. */
  pages?: number;
}

/** The first rows of the contacts, the pages of a history with their details, and the counts beside them. */
const budgets = { contacts: 300, history: 200, count: 1_000, messageSearch: 300 };

export interface Samples {
  contactId: string;
  flowId: string;
  smallFlowId: string;
  sendId: string;
  executionIds: string[];
  /** Of the contact. */
  email: string;
  phone: string;
}

const contactFilters: Record<string, ContactFilter> = {
  everybody: { tests: [] },
  "search of a name that many have": { search: "ada", tests: [] },
  "search of two words": { search: "grace novak", tests: [] },
  "search that finds nobody": { search: "xyzzyq", tests: [] },
  "search of one letter": { search: "a", tests: [] },
  "search of two letters": { search: "jo", tests: [] },
  "search of one Chinese character": { search: "王", tests: [] },
  "search of two Chinese characters": { search: "赵磊", tests: [] },
  "search of a whole number": { search: "(415) 000-0123", tests: [] },
  "search of an address": { search: "@corp.test", tests: [] },
  "a usual status": { tests: [{ field: "lead_status", operator: "is", value: "New" }] },
  "a rare status": { tests: [{ field: "lead_status", operator: "is", value: "Escalated" }] },
  "no status": { tests: [{ field: "lead_status", operator: "is_empty" }] },
  "a conversation status": { tests: [{ field: "conversation_status", operator: "is", value: "Open" }] },
  "do not contact": { tests: [{ field: "dnc", operator: "is", value: true }] },
  "can receive SMS": { tests: [{ field: "can_receive_sms", operator: "is", value: true }] },
  "cannot receive e-mail": { tests: [{ field: "can_receive_email", operator: "is", value: false }] },
  "opted out of SMS": { tests: [{ field: "sms_opted_out", operator: "is", value: true }] },
  "added in the last week": { tests: [{ field: "created_at", operator: "in_last_days", value: 7 }] },
  "not changed for a year": { tests: [{ field: "updated_at", operator: "not_in_last_days", value: 365 }] },
  "e-mail ends with": { tests: [{ field: "email", operator: "ends_with", value: "@mail.test" }] },
  "last name does not contain": { tests: [{ field: "lastname", operator: "not_contains", value: "i" }] },
  "no phone": { tests: [{ field: "phone", operator: "is_empty" }] },
  "in a zone, qualified, reachable": {
    tests: [
      { field: "time_zone", operator: "is", value: "Asia/Kolkata" },
      { field: "lead_status", operator: "in", value: ["Qualified", "Customer"] },
      { field: "can_receive_sms", operator: "is", value: true },
    ],
  },
};

const query = (path: string, parameters: Record<string, string>) => `${path}?${new URLSearchParams(parameters)}`;

export function pageQueries(samples: Samples): PageQuery[] {
  return [...contactQueries(samples), ...historyQueries(samples), ...otherQueries(samples), ...messageSearches(samples)];
}

/** Searches of all messages. The common name and the rare one stand only in contacts, and the rest in no name. */
export function messageSearches({ email, phone }: Pick<Samples, "email" | "phone">): PageQuery[] {
  const searches: Record<string, string> = {
    "a common name": "smith",
    "a name in other letters": "muller",
    "a rare name": "novak 3fa",
    nobody: "xyzzyq",
    "an e-mail address": email,
    "the addresses of a company": "@corp.test",
    "a phone number": phone,
    "a piece of a phone number": `${phone.slice(5, 7)} ${phone.slice(7, 10)}`,
    "a phone number as it is dialled": `(${phone.slice(2, 5)}) ${phone.slice(5, 8)}-${phone.slice(8)}`,
    "a common word": "confirmed",
    "a rare word": "passport",
    "a word of old campaigns": "anniversary",
    "two words that are never together": "passport stop",
    "a word nobody wrote": "quixotic",
    "one letter": "a",
    "one Chinese character": "王",
  };
  return Object.entries(searches).flatMap(([name, search]): PageQuery[] => [
    { name: `sent messages: ${name}`, path: query("/api/messages", { search }), budget: budgets.messageSearch },
    { name: `sent messages, e-mail: ${name}`, path: query("/api/messages", { search, channel: "email" }), budget: budgets.messageSearch },
  ]);
}

function contactQueries({ contactId }: Samples): PageQuery[] {
  const sorts = ["created_at", "updated_at", "name", "email", "lead_status", "phone"];
  return [
    ...Object.entries(contactFilters).flatMap(([name, filter]): PageQuery[] => [
      { name: `contacts: ${name}`, path: query("/api/contacts", { filter: JSON.stringify(filter) }), budget: budgets.contacts },
      { name: `contacts, count: ${name}`, path: query("/api/contacts/count", { filter: JSON.stringify(filter) }), budget: budgets.count },
    ]),
    ...sorts.flatMap((sort) =>
      ["asc", "desc"].map((direction) => ({
        name: `contacts by ${sort} ${direction}`,
        path: query("/api/contacts", { sort, direction }),
        budget: budgets.contacts,
      })),
    ),
    ...["created_at", "name", "updated_at"].map((sort) => ({
      name: `contacts by ${sort}, a usual status`,
      path: query("/api/contacts", { sort, filter: JSON.stringify(contactFilters["a usual status"]) }),
      budget: budgets.contacts,
    })),
    ...["a rare status", "search of a name that many have", "search of one Chinese character"].map((filter) => ({
      name: `contacts by name: ${filter}`,
      path: query("/api/contacts", { sort: "name", direction: "asc", filter: JSON.stringify(contactFilters[filter]) }),
      budget: budgets.contacts,
    })),
    { name: "contacts: the choices of the filters", path: "/api/contacts/facets", budget: budgets.contacts },
    { name: "one contact", path: `/api/contacts/${contactId}`, budget: budgets.contacts },
  ];
}

function historyQueries({ flowId, smallFlowId, contactId, sendId, executionIds }: Samples): PageQuery[] {
  const statuses = ["pending", "running", "completed", "failed", "cancelled", "partial_failure", "failed,partial_failure"];
  const scopes: Record<string, Record<string, string>> = {
    "history of all": {},
    "history of a flow with half of all": { flowId },
    "history of a small flow": { flowId: smallFlowId },
    "history of a send": { sendId },
    "history of a contact": { contactId },
  };
  const of = (name: string, parameters: Record<string, string>): PageQuery => ({
    name,
    path: query("/api/executions", parameters),
    budget: budgets.history,
  });
  return [
    ...Object.entries(scopes).flatMap(([name, scope]) => [
      of(name, scope),
      ...statuses.map((status) => of(`${name}, ${status}`, { ...scope, status })),
      of(`${name}, search of many`, { ...scope, search: "ada" }),
      of(`${name}, search of few`, { ...scope, search: "(415) 000-0123" }),
      of(`${name}, search of nobody`, { ...scope, search: "xyzzyq" }),
      of(`${name}, search of one Chinese character`, { ...scope, search: "王" }),
      of(`${name}, failed and search`, { ...scope, status: "failed", search: "mary" }),
    ]),
    of("the rows on screen", { ids: executionIds.join(",") }),
    of("a page of 200", { flowId, limit: "200" }),
    { ...of("the rare status, until all are found", { status: "cancelled" }), budget: 1_000, pages: 50 },
    { ...of("the rare status of a flow, until all are found", { flowId, status: "cancelled" }), budget: 1_000, pages: 50 },
    { name: "one execution", path: `/api/executions/${executionIds[0]}`, budget: budgets.history },
    { name: "its steps", path: `/api/executions/${executionIds[0]}/steps`, budget: budgets.history },
    { name: "its messages", path: query("/api/messages", { executionId: executionIds[0] ?? "" }), budget: budgets.history },
  ];
}

function otherQueries({ flowId, contactId, sendId }: Samples): PageQuery[] {
  const of = (name: string, path: string, parameters: Record<string, string> = {}): PageQuery => ({
    name,
    path: query(path, parameters),
    budget: budgets.history,
  });
  return [
    of("sends", "/api/sends"),
    of("sends under way", "/api/sends", { state: "running" }),
    of("sends of a flow", "/api/sends", { flowId }),
    of("sends that were undone", "/api/sends", { state: "undone" }),
    of("one send", `/api/sends/${sendId}`),
    of("who was not enrolled", `/api/sends/${sendId}/skips`),
    of("what a retry would do", `/api/sends/${sendId}/retry`),
    of("queue", "/api/queue"),
    of("flows", "/api/flows"),
    of("inbox", "/api/messages"),
    of("inbox, SMS", "/api/messages", { channel: "sms" }),
    of("inbox, a provider that never sent", "/api/messages", { provider: "smtp" }),
    of("messages of a contact", "/api/messages", { contactId }),
  ];
}
