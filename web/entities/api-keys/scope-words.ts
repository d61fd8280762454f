import type { Scope } from "#contract/people.ts";

export const scopeWords = {
  "contacts:read": { label: "Read contacts", help: "List, search, count and export contacts" },
  "contacts:write": { label: "Write contacts", help: "Add, change, import and delete contacts" },
  "flows:read": { label: "Read flows", help: "List flows and read their graphs" },
  "flows:write": { label: "Write flows", help: "Create and replace flows" },
  "flows:send": { label: "Send flows", help: "Start flows for contacts" },
  "executions:read": { label: "Read executions", help: "Sends, executions and their steps" },
  "messages:read": { label: "Read messages", help: "What was sent, with its text" },
  "secrets:use": { label: "Use secrets", help: "Save and run flows whose webhooks carry secrets of the workspace" },
  admin: { label: "Administer", help: "The workspace, its members' list and its channels" },
} as const satisfies Record<Scope, { label: string; help: string }>;
