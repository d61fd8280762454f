import { namesOfProvider } from "#channels/providers.ts";
import { findMessage, listMessages } from "#db/queries/messages.ts";
import { authoredLinks, showTexts } from "../commands/authored-links.ts";
import { removedFrom } from "../commands/markup-problems.ts";
import { sendToMe } from "../commands/send-to-me.ts";
import { forbidden, notFound } from "../http/errors.ts";
import type { Handlers, Principal } from "../http/handler.ts";
import { holdsScope } from "../http/principal.ts";

export const messageRoutes = {
  listMessages: async ({ db, resources, workspaceId, query: { provider, ...query } }) => {
    const providers = provider === undefined ? undefined : namesOfProvider(provider);
    const { items, ...page } = await listMessages(db, { workspaceId, ...query, providers });
    return { ...page, items: await showTexts(items, "body", authoredLinks(resources.links.readTracked, workspaceId)) };
  },

  getMessage: async ({ db, resources, workspaceId, params }) => {
    const message = await findMessage(db, { workspaceId, id: params.id });
    if (!message) throw notFound("message_not_found");
    const [shown = message] = await showTexts([message], "body", authoredLinks(resources.links.readTracked, workspaceId));
    return shown;
  },

  previewDraftMessage: async ({ resources, workspaceId, principal, body: { contactId, ...draft } }) => {
    requireContacts(principal);
    const preview = await resources.engine.previewDraftMessage({ workspaceId, ...draft, who: contactId });
    return { ...preview, removed: [...removedFrom(draft.node)] };
  },

  sendToMe: async ({ resources, workspaceId, principal, body, note }) => {
    if (principal.kind !== "user") throw forbidden("API keys have no address to send to: sign in as a person.");
    note({ subjectId: body.flowId, details: { step: body.node.id } });
    const { ownerDb, providers, engine } = resources;
    return sendToMe({ ownerDb, providers, engine, workspaceId, me: principal }, body);
  },

  surveyMessage: async ({ resources, workspaceId, principal, body }) => {
    requireContacts(principal);
    return resources.engine.surveyMessage({ workspaceId, ...body });
  },
} satisfies Pick<Handlers, "listMessages" | "getMessage" | "previewDraftMessage" | "sendToMe" | "surveyMessage">;

/** A message that is filled in shows a contact. */
export function requireContacts(principal: Principal): void {
  if (principal.kind !== "key" || holdsScope(principal.scopes, "contacts:read")) return;
  throw forbidden("This API key lacks the scope contacts:read.");
}
