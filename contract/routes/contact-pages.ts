import { ContactPlan, RescheduleWait, SeenWait } from "../contact-plan.ts";
import { TimelineEntry, TimelineQuery } from "../contact-timeline.ts";
import { pageOf } from "../pagination.ts";
import { byId, defineRoute, done, member } from "../route.ts";

const seen = "What is sent names the wait that was seen. Where it has ended or was changed meanwhile, nothing is changed: `wait_changed`.";

export const contactPageRoutes = {
  listTimeline: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/contacts/:id/timeline",
    tag: "Contacts",
    summary: "What happened with a contact, newest first: messages, replies, flows, steps and consent",
    description: "A key needs `contacts:read`, `messages:read` and `executions:read`.",
    auth: member("viewer", "contacts:read"),
    params: byId,
    query: TimelineQuery,
    response: pageOf(TimelineEntry),
  }),
  planContact: defineRoute({
    heavy: "walks",
    waitsOutside: true,
    method: "GET",
    path: "/api/contacts/:id/plan",
    tag: "Contacts",
    summary: "In which flows a contact is, where it waits, and what follows there if nothing changes",
    description: "A key needs `contacts:read`, `flows:read` and `executions:read`.",
    auth: member("viewer", "contacts:read"),
    params: byId,
    response: ContactPlan,
  }),
  rescheduleWait: defineRoute({
    // A wait whose end is moved to now lets a message leave, as skipping it does.
    rate: "send",
    method: "POST",
    path: "/api/executions/:id/reschedule",
    tag: "Executions",
    summary: "Move the end of the wait in which an execution is",
    description: `${seen} Messages keep to the sending hours of the contact whenever the wait ends.`,
    auth: member("editor", "flows:send"),
    params: byId,
    body: RescheduleWait,
    response: done,
    audit: "execution.reschedule",
  }),
  skipWait: defineRoute({
    rate: "send",
    method: "POST",
    path: "/api/executions/:id/skip",
    tag: "Executions",
    summary: "Skip the step at which an execution waits, and let it go on at once",
    description: seen,
    auth: member("editor", "flows:send"),
    params: byId,
    body: SeenWait,
    response: done,
    audit: "execution.skip",
  }),
  takeOut: defineRoute({
    method: "POST",
    path: "/api/executions/:id/take-out",
    tag: "Executions",
    summary: "End one execution, if it still is in the wait that was seen",
    description: seen,
    auth: member("editor", "flows:send"),
    params: byId,
    body: SeenWait,
    response: done,
    audit: "execution.take_out",
  }),
};
