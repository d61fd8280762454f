import { ownWords } from "#contract/own-words.ts";
import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { answered, next, watchUntil } from "#engine/flow/node-executor.ts";
import { caseWords, noReply, otherReply, type waitForReply } from "./definition.ts";
import { findCase } from "./read-reply.ts";

/** The longest text that the result keeps. All of it stands in the conversation. */
const longestKept = 2_000;

/**
 * Goes on by the first reply to what the flow has written last. The engine asks whenever one comes, also where it came before
 * the execution did. A reply that is there when the time is over still counts.
 */
export const executeWaitForReply: NodeExecutor<typeof waitForReply> = ({ config, contact, workspace, now, waiting, replies, work }) => {
  const waitedSeconds = waiting ? Math.max(0, Math.round((now.getTime() - waiting.since.getTime()) / 1000)) : 0;
  const reply = replies.find(({ channel }) => config.channel === "any" || config.channel === channel);
  if (reply) {
    work.count(1 + config.cases.length, reply.text.length * (1 + config.cases.length));
    const fit = findCase(config.cases, reply.text, [contact.firstname, contact.lastname, contact.name, workspace.name]);
    const text = ownWords(reply.text).slice(0, longestKept);
    const chosen = fit ? { case: fit.found.id, label: fit.found.label || caseWords(fit.found) } : { case: otherReply };
    const number = fit?.number === undefined ? {} : { number: fit.number };
    return answered(chosen.case, reply.id, { text, ...number, ...chosen, waitedSeconds });
  }
  const until = waiting?.until ?? new Date(now.getTime() + config.limitSeconds * 1000);
  return until <= now ? next(noReply, { waitedSeconds }) : watchUntil(until, { for: "reply" });
};
