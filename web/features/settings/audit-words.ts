import type { AuditEntry } from "#contract/audit.ts";

/** What each action of the audit log says, after the name of who did it: "Ada added a contact". */
export const auditWords: Record<string, string> = {
  "access.refused": "was refused",
  "account.password": "changed their password",
  "account.password_failed": "gave a wrong password when changing the password of",
  "account.password_reset": "chose a new password with a link",
  "api_key.create": "created an API key",
  "api_key.revoke": "revoked an API key",
  "bin.erase": "erased contacts from the bin",
  "bin.restore": "restored contacts from the bin",
  "bulk_job.cancel": "stopped a change of many contacts",
  "bulk_job.confirm": "confirmed a change of many contacts",
  "bulk_job.undo": "undid a change of many contacts",
  "contact.create": "added a contact",
  "contact.export": "exported everything about a contact",
  "contact.update": "changed a contact",
  "contact.delete": "deleted a contact",
  "contacts.bulk": "changed or deleted several contacts",
  "contacts.bulk_end": "finished a change of many contacts",
  "contacts.delete": "deleted contacts",
  "contacts.export": "exported contacts",
  "execution.export": "exported enrollments",
  "execution.export_steps": "exported execution logs",
  "contacts.import": "imported contacts",
  "contacts.import_undo": "undid an import",
  "execution.cancel": "took a contact out of a flow",
  "execution.retry": "retried a flow for a contact",
  "flow.create": "created a flow",
  "flow.discard": "threw the draft of a flow away",
  "flow.draft": "began to change a flow",
  "flow.archive": "archived a flow",
  "flow.delete": "moved a flow to the bin",
  "flow.duplicate": "copied a flow",
  "flow.import": "imported a flow",
  "flow.unarchive": "brought a flow back from the archive",
  "flow.undelete": "restored a flow from the bin",
  "flow.move": "put a flow into another folder",
  "flow.publish": "published a flow",
  "flow.rename": "renamed a flow",
  "flow.restore": "brought an earlier version of a flow back into its draft",
  "flow.update": "changed a flow",
  "flow_folder.create": "made a folder for flows",
  "flow_folder.delete": "deleted a folder of flows",
  "flow_folder.update": "changed a folder of flows",
  "instance.add_admin": "made somebody an admin of this instance",
  "instance.remove_admin": "removed an admin of this instance",
  "instance.update": "changed a setting of this instance",
  "instance.claim": "became the first owner",
  "instance.release_sending": "allowed a restored copy to send",
  "invitation.accept": "joined by an invitation",
  "invitation.create": "invited somebody",
  "invitation.preview": "opened an invitation link",
  "invitation.revoke": "took an invitation back",
  "lead_status.create": "added a lead status",
  "lead_status.delete": "deleted a lead status",
  "lead_status.map": "replaced a lead status that is not in the list",
  "lead_status.order": "changed the order of the lead statuses",
  "lead_status.update": "changed a lead status",
  "member.leave": "left the workspace",
  "member.password_reset": "made a link for a member’s new password",
  "member.remove": "removed a member",
  "member.update": "changed the role of a member",
  "provider.set": "changed how a channel sends",
  "message.to_me": "sent an e-mail that is being written to their own address",
  "provider.test": "sent a test message",
  "queue.limit": "changed a limit",
  "queue.try": "asked a channel to try again",
  "secret.delete": "deleted a secret",
  "secret.set": "saved a secret",
  "send.create": "sent a flow",
  "send.pause": "paused a send",
  "send.reschedule": "changed the schedule of a send",
  "send.resume": "resumed a send",
  "send.retry": "retried what failed in a send",
  "send.stop": "stopped a send",
  "send.undo": "undid a send",
  "session.revoke": "signed another session out",
  "session.sign_in": "signed in",
  "session.sign_in_failed": "gave a wrong password when signing in as",
  "session.sign_out": "signed out",
  "suppression.lift": "removed an address from the suppression list",
  "webhook.try": "tried the call of a webhook in a flow",
  "workspace.create": "created the workspace",
  "workspace.demo": "loaded the demo workspace",
  "workspace.first_steps": "closed the first steps",
  "workspace.update": "changed the workspace’s settings",
};

/** An action that this version has no words for is told by its code, so that no entry is hidden. */
export const auditSentence = (action: string): string => auditWords[action] ?? `did “${action}”`;

/** Whose subject is the person who did it, or the workspace that is looked at. Naming it again would say nothing. */
const unnamed = new Set(["session.sign_in", "session.sign_out", "member.leave", "workspace.create", "workspace.update", "workspace.demo"]);

/** What an entry is about, as it was called then: “Welcome”. Undefined where nothing is to be named. */
export function auditSubject({ action, subjectType, subjectId, subjectName, actorId }: AuditEntry): string | undefined {
  if (unnamed.has(action) || (subjectId !== null && subjectId === actorId)) return undefined;
  if (subjectName !== null) return subjectName;
  if (subjectType === "provider" || action === "queue.try")
    return subjectId === "sms" ? "SMS" : subjectId === "email" ? "e-mail" : undefined;
  return subjectType === "contact" && subjectId !== null ? "A contact that is deleted now" : undefined;
}

/** What can be chosen to narrow the log, by the kind of what was changed. */
export const auditSubjects = [
  { value: "all", label: "Everything" },
  { value: "send", label: "Sends" },
  { value: "contact", label: "Single contacts" },
  { value: "contacts", label: "Many contacts" },
  { value: "flow", label: "Flows" },
  { value: "member", label: "Members" },
  { value: "session", label: "Sign-ins" },
  { value: "access", label: "Refused" },
  { value: "account", label: "Passwords" },
  { value: "api_key", label: "API keys" },
  { value: "provider", label: "Channels" },
  { value: "queue", label: "Limits" },
  { value: "secret", label: "Secrets" },
  { value: "invitation", label: "Invitations" },
  { value: "instance", label: "This instance" },
  { value: "workspace", label: "Workspace" },
] as const;
