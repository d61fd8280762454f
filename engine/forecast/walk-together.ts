import { closesMore } from "#contract/message-kinds.ts";
import { readAddressFacts } from "./audience-rows.ts";
import { DueQueue } from "./due-queue.ts";
import { asReader } from "./reader-rows.ts";
import { rehearse } from "./rehearse.ts";
import type { Stage } from "./stage.ts";
import type { Walked } from "./walked.ts";
import { wake, walkOn } from "./walked.ts";

/** The texts of one contact that are kept for who reads them. A contact with longer ones is not followed any further. */
const mostCharacters = 4_000_000;

/** Walks contacts that have nothing to do with each other, each to its end, so that only what is told of one is in memory. */
export function walkEach(stage: Stage): { walk(walked: Walked): Promise<void>; finish(): Promise<void> } {
  let asking: Walked[] = [];
  return {
    async walk(walked) {
      if ((await walkToEnd(stage, walked)) === "looks_up") asking.push(walked);
    },
    /** Those that have written an address ask for it together. */
    async finish() {
      while (asking.length > 0) {
        const asked = asking;
        asking = [];
        await lookUpAddresses(stage, asked);
        for (const walked of asked) await this.walk(walked);
      }
    },
  };
}

async function walkToEnd(stage: Stage, walked: Walked): Promise<"over" | "looks_up"> {
  for (;;) {
    if (stage.pace.isDue()) await stage.pace.rest();
    const came = walkOn(walked);
    if (came === "effect") {
      if (rehearse([walked], stage.facts).length > 0) return "looks_up";
    } else if (came === "over" || isCut(stage, walked)) {
      stage.sink.walked(walked);
      return "over";
    }
  }
}

type Bounds = Pick<Stage, "facts" | "mostSteps" | "until">;
type StageOfOne = Bounds & Looking & Pick<Stage, "sink">;

/**
 * Walks what one contact is in the middle of side by side, whatever the flows: what the contact gets or becomes by one of them counts for
 * the others. Of those that are due at one moment the smallest id goes first.
 */
export async function walkOfOne(stage: StageOfOne, all: readonly Walked[]): Promise<void> {
  const [first] = all;
  if (!first) return;
  const { had } = first;
  for (const walked of all) walked.had = had;
  let { contact } = first.execution.memory;
  let { consented } = first;
  const queue = new DueQueue(all);
  for (let due = queue.take(); due; due = queue.take()) {
    for (const walked of due) {
      walked.execution.memory.contact = contact;
      walked.consented = consented;
      if ((await walkToRest(stage, walked)) === "rests") queue.add(walked);
      ({ contact } = walked.execution.memory);
      ({ consented } = walked);
    }
  }
}

/** Walks to the next moment at which it rests. */
async function walkToRest(stage: StageOfOne, walked: Walked): Promise<"rests" | "over"> {
  for (;;) {
    if (stage.pace.isDue()) await stage.pace.rest();
    const came = walkOn(walked);
    if (came === "effect") {
      const asking = rehearse([walked], stage.facts);
      if (asking.length > 0) await lookUpAddresses(stage, asking);
    } else if (came === "over" || isCut(stage, walked)) {
      stage.sink.walked(walked);
      return "over";
    } else return "rests";
  }
}

/** Moves a contact that rests to when it goes on, unless it has been followed for long enough. */
function isCut({ facts, mostSteps, until }: Bounds, walked: Walked): boolean {
  const isTold = mostSteps !== undefined && walked.steps.length > mostSteps;
  const isLong = facts.keepsTexts && walked.characters > mostCharacters;
  if (isTold || isLong) {
    walked.isCut = true;
    return true;
  }
  // What goes on later is no walk that was given up.
  return wake(walked) === "cut" || (until !== undefined && walked.now >= until);
}

/** Walks contacts that share addresses or limits side by side: whoever is due first goes first. */
export async function walkTogether(stage: Stage, all: readonly Walked[]): Promise<void> {
  const queue = new DueQueue(all);
  for (let due = queue.take(); due; due = queue.take()) await passTogether(stage, due, queue);
}

/** A batch of the engine has this many messages at most. */
const largestBatch = 250;

/**
 * What a pass of the engine does with those that are due together: the effects of one kind at a time, in the order in which the
 * contacts came to them.
 */
async function passTogether(stage: Stage, due: readonly Walked[], queue: DueQueue): Promise<void> {
  const waitingFor = new Map<string, Walked[]>();
  const goOn = async (walked: Walked): Promise<void> => {
    if (stage.pace.isDue()) await stage.pace.rest();
    const came = walkOn(walked);
    if (came === "effect") {
      const { pending } = walked.execution.writes;
      const key = pending?.kind === "message" ? `${pending.draft.channel} ${pending.draft.kind}` : (pending?.kind ?? "");
      const waiting = waitingFor.get(key);
      if (waiting) waiting.push(walked);
      else waitingFor.set(key, [walked]);
    } else if (came === "over" || isCut(stage, walked)) stage.sink.walked(walked);
    else queue.add(walked);
  };
  for (const walked of due) await goOn(walked);
  for (;;) {
    const waiting = [...waitingFor.values()].find(({ length }) => length > 0);
    if (!waiting) return;
    if (stage.pace.isDue()) await stage.pace.rest();
    const batch = waiting.splice(0, largestBatch);
    const asking = rehearse(batch, stage.facts);
    if (asking.length > 0) await lookUpAddresses(stage, asking);
    for (const walked of batch) await goOn(walked);
  }
}

type Looking = Pick<Stage, "context" | "pace"> & { audience: Pick<Stage["audience"], "workspaceId"> };

/** Finds out what the check of a recipient asks about addresses that the flow itself has written. */
async function lookUpAddresses({ context, pace, audience: { workspaceId } }: Looking, all: readonly Walked[]): Promise<void> {
  const addresses = all.map(({ execution }) => {
    const fields = execution.memory.contact?.fields;
    return { phone: fields?.phone_e164 ?? null, email: fields?.email ?? null };
  });
  const facts = await pace.during(() => asReader(context.db, workspaceId, (tx) => readAddressFacts(tx, workspaceId, addresses)));
  all.forEach(({ execution }, index) => {
    const { contact } = execution.memory;
    const found = facts[index];
    if (!contact || !found) return;
    const { sms, email } = contact.refusedBefore;
    execution.memory.contact = {
      ...contact,
      ...found,
      suppressedSms: closesMore(found.suppressedSms, sms),
      suppressedEmail: closesMore(found.suppressedEmail, email),
    };
  });
}
