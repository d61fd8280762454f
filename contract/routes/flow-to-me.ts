import { SentToMe } from "../message-previews.ts";
import { defineRoute, member } from "../route.ts";
import { FlowToMeQuestion } from "../send-requests.ts";

export const flowToMeRoutes = {
  sendFlowToMe: defineRoute({
    waitsOutside: true,
    method: "POST",
    path: "/api/flow-to-me",
    tag: "Sends",
    summary: "Send a message of a flow to yourself, as one contact would get it",
    description:
      "The contact is walked through the flow as `POST /api/forecasts/contact` with `asTest` does it, and what they would get at this visit of the step " +
      "goes to the address with which you sign in, or to the number that you have proven to be yours. It is marked TEST in its subject and its text, is " +
      "recorded as a test message, and nothing is written of the contact. It does not leave where your address may not be written to. Thirty messages can " +
      "be asked for in ten minutes. API keys have no address.",
    auth: member("editor", null),
    body: FlowToMeQuestion,
    response: SentToMe,
    bodyLimit: 1024 * 1024,
    rate: "send",
    audit: "flow.to_me",
  }),
};
