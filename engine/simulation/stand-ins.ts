import type { Provider } from "#channels/channel.ts";
import { pickFields } from "#channels/http/pick-fields.ts";
import type { Channel } from "#contract/messages.ts";
import type { ScriptedAnswer } from "#contract/simulations.ts";
import type { HttpAnswer, HttpRequest } from "../flow/node-executor.ts";
import type { NodeRegistry } from "../flow/node-registry.ts";

// What stands in a simulation where a real engine meets the world outside.

/** Takes every message and sends nothing. The message row holds what it would have sent. */
export const recordingProvider = (channel: Channel): Provider => ({
  name: "simulation",
  from: null,
  concurrency: 64,
  async send(message) {
    if (message.channel !== channel) throw new Error(`A message on ${message.channel} was given to the provider of ${channel}.`);
    return { outcome: "accepted", providerMessageId: message.id };
  },
});

const longestExcerpt = 2 * 1024;

/** The answer of a script, as the client of webhooks would have read it. */
export function toAnswer(scripted: ScriptedAnswer, { pick, timeLimitSeconds }: HttpRequest): HttpAnswer {
  if (scripted.type === "timeout") {
    const message = `There was no answer within ${timeLimitSeconds} seconds.`;
    return { outcome: "timeout", message, durationMs: timeLimitSeconds * 1_000 };
  }
  const { status, body } = scripted;
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return {
    outcome: "answered",
    status,
    excerpt: text.slice(0, longestExcerpt).toWellFormed(),
    fields: pickFields(text, pick),
    retryAfterMs: undefined,
    durationMs: 0,
  };
}

/**
 * The node types, which draw as they would for the original of the contact: a split that keeps a contact on its way takes
 * the way of a real send. What is drawn anew for every enrollment depends on the seed.
 */
export function drawAsReally(
  nodes: NodeRegistry,
  { originals, seed }: { originals: ReadonlyMap<string, string>; seed: string },
): NodeRegistry {
  const real = (id: string, otherwise = id) => originals.get(id) ?? otherwise;
  const executors = Object.entries(nodes.executors).map(([type, execute]): [string, NodeRegistry["executors"][string]] => [
    type,
    (context) =>
      execute({
        ...context,
        contact: { ...context.contact, id: real(context.contact.id, seed) },
        place: { ...context.place, flowId: real(context.place.flowId), draw: seed },
      }),
  ]);
  return { ...nodes, executors: Object.fromEntries(executors) };
}
