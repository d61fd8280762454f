import { expect, it } from "vitest";
import { type AuditEntry, furtherAuditActions } from "#contract/audit.ts";
import { routes } from "#contract/routes.ts";
import { auditDetails } from "./audit-details.ts";
import { auditSentence, auditSubject, auditSubjects, auditWords } from "./audit-words.ts";

const actions = [...new Set([...Object.values(routes).flatMap(({ audit }) => audit ?? []), ...furtherAuditActions])];

it("every action that is written to the audit log is told in words, and its kind can be chosen", () => {
  expect(actions.filter((action) => !(action in auditWords))).toEqual([]);
  expect(auditSentence("send.stop")).toBe("stopped a send");
  expect(auditSentence("ray.emit")).toBe("did “ray.emit”");
  const kinds = new Set<string>(auditSubjects.map(({ value }) => value));
  const few = new Set([
    "bin",
    "bulk_job",
    "conversation",
    "execution",
    "flow_folder",
    "lead_status",
    "message",
    "notice",
    "saved_launch",
    "suppression",
    "webhook",
  ]);
  const kindOf = (action: string) => action.split(".")[0] as string;
  expect(actions.map(kindOf).filter((kind) => !kinds.has(kind) && !few.has(kind))).toEqual([]);
});

const entry = (given: Partial<AuditEntry>): AuditEntry => ({
  id: "0198a1b0-0000-7000-8000-000000000000",
  at: "2026-11-28T10:00:00Z",
  action: "flow.update",
  actorId: "0198a1b0-0000-7000-8000-000000000001",
  actorName: "Ada",
  subjectType: "flow",
  subjectId: "0198a1b0-0000-7000-8000-000000000002",
  subjectName: null,
  times: 1,
  lastAt: null,
  details: {},
  ...given,
});

it("an entry names what it is about, but nobody as the subject of their own act", () => {
  expect(auditSubject(entry({ subjectName: "Welcome" }))).toBe("Welcome");
  expect(auditSubject(entry({ action: "contact.delete", subjectType: "contact" }))).toBe("A contact that is deleted now");
  expect(auditSubject(entry({ action: "provider.set", subjectType: "provider", subjectId: "sms" }))).toBe("SMS");
  expect(auditSubject(entry({ action: "session.sign_in", subjectType: "session", subjectName: "Ada" }))).toBeUndefined();
  expect(auditSubject(entry({ action: "account.password", subjectId: entry({}).actorId, subjectName: "Ada" }))).toBeUndefined();
});

it("details are told in words, changes with what was set before, and never as JSON", () => {
  expect(auditDetails({ before: { name: "Old", undoSeconds: 10 }, name: "New", undoSeconds: 0 })).toEqual([
    "Name: Old → New",
    "Seconds to undo a send: 10 → 0",
  ]);
  expect(auditDetails({ from: "admin", to: "viewer", ended: { apiKeys: ["a"], invitations: [] } })).toEqual([
    "Role: admin → viewer",
    "Ended with it: 1 API key, 0 invitations",
  ]);
  expect(auditDetails({ selection: "filter", contacts: 1200, ids: ["a", "b"] })).toEqual([
    "Chosen by a filter",
    "1,200 contacts",
    "2 contacts are concerned",
  ]);
  expect(auditDetails({ channel: "sms", was: "bounced_before", reason: "They wrote to us" })).toEqual([
    "Channel: sms",
    "It was on the list because: bounced before",
    "Reason: They wrote to us",
  ]);
  const odd = auditDetails({
    before: { channels: [{ channel: "sms", perMinute: null }] },
    channels: [{ channel: "sms", perMinute: 90 }],
    some: { deep: [1] },
  });
  expect(odd.join()).not.toMatch(/[{}[\]"]/);
});
