import { HealResult, SendHealing } from "../healing.ts";
import { HealSend } from "../healing-requests.ts";
import { byId, defineRoute, member } from "../route.ts";

export const sendHealingRoutes = {
  previewSendHealing: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/sends/:id/heal",
    tag: "Sends",
    summary: "Who of a send was skipped or failed and can be reached now, by the reason that is gone",
    description:
      "Contacts who were left out are asked again whether they may enter, by the rule of the flow and by the exclusions and the condition of the send. " +
      "A message that was skipped or failed counts where its recipient can be written to now. Of a very large send a part is looked at (`isWhole` is false). " +
      "`approval` says what the caller has to do first where the press would be refused with `approval_needed`. " +
      "It takes five seconds at most; then the answer is `count_took_too_long`.",
    auth: member("viewer", "executions:read"),
    params: byId,
    response: SendHealing,
  }),
  healSend: defineRoute({
    rate: "send",
    heavy: true,
    method: "POST",
    path: "/api/sends/:id/heal",
    tag: "Sends",
    summary: "Send to those who can be reached now, in the same send",
    description:
      "Contacts who had been left out are enrolled, and others go on at the message that had not left. Nothing that has left leaves again. With `seen`, the number that was " +
      "looked at, no more contacts than that are sent to; where more can be reached by now the answer is `total_changed`. While a press is under way, another one is answered with it.",
    auth: member("editor", "flows:send"),
    params: byId,
    body: HealSend,
    response: HealResult,
    status: 202,
    audit: "send.heal",
  }),
};
