import { setImmediate as breathe } from "node:timers/promises";
import { readAddressFacts } from "./audience-rows.ts";
import { asReader } from "./reader-rows.ts";
import { rehearse } from "./rehearse.ts";
import type { Stage } from "./stage.ts";
import type { Walked } from "./walked.ts";
import { wake, walkOn } from "./walked.ts";

/** So many contacts are walked before the process does something else. */
const atOnce = 100;

/** Walks contacts that have nothing to do with each other, each to its end. */
export async function walkEach(stage: Stage, all: readonly Walked[]): Promise<void> {
  const asking: Walked[] = [];
  for (const [index, walked] of all.entries()) {
    if (index % atOnce === atOnce - 1) await breathe();
    if (walkToEnd(stage, walked) === "looks_up") asking.push(walked);
  }
  for (let left = asking; left.length > 0; ) {
    await lookUpAddresses(stage, left);
    left = left.filter((walked) => walkToEnd(stage, walked) === "looks_up");
  }
}

function walkToEnd(stage: Stage, walked: Walked): "over" | "looks_up" {
  for (;;) {
    const came = walkOn(walked);
    if (came === "effect") {
      if (rehearse(walked, stage.facts) === "looks_up") return "looks_up";
    } else if (came === "over" || wake(walked) === "cut") {
      stage.sink.walked(walked);
      return "over";
    }
  }
}

/** Walks contacts that share addresses side by side: whoever is due first goes first. */
export async function walkTogether(stage: Stage, all: readonly Walked[]): Promise<void> {
  for (let active = [...all]; active.length > 0; ) {
    const next = active.reduce((least, { now }) => Math.min(least, now), Number.POSITIVE_INFINITY);
    const over = new Set<Walked>();
    await passTogether(
      stage,
      active.filter(({ now }) => now === next),
      (walked) => over.add(walked),
    );
    active = active.filter((walked) => !over.has(walked));
    await breathe();
  }
}

/**
 * What a pass of the engine does with those that are due together: the effects of one kind at a time, of the messages of one
 * channel the contact with the smallest id first.
 */
async function passTogether(stage: Stage, due: readonly Walked[], isOver: (walked: Walked) => void): Promise<void> {
  const queues = new Map<string, Walked[]>();
  const goOn = (walked: Walked) => {
    const came = walkOn(walked);
    if (came === "effect") {
      const { pending } = walked.execution.writes;
      const key = pending?.kind === "message" ? pending.draft.channel : (pending?.kind ?? "");
      queues.set(key, [...(queues.get(key) ?? []), walked]);
    } else if (came === "over" || wake(walked) === "cut") {
      stage.sink.walked(walked);
      isOver(walked);
    }
  };
  for (const walked of due) goOn(walked);
  for (;;) {
    const [key, batch] = [...queues].find(([, waiting]) => waiting.length > 0) ?? [];
    if (key === undefined || batch === undefined) return;
    queues.set(key, []);
    const asking = batch
      .toSorted((a, b) => (a.execution.id < b.execution.id ? -1 : 1))
      .filter((walked) => rehearse(walked, stage.facts) === "looks_up");
    if (asking.length > 0) await lookUpAddresses(stage, asking);
    for (const walked of batch) goOn(walked);
  }
}

/** Finds out what the check of a recipient asks about addresses that the flow itself has written. */
async function lookUpAddresses({ context, audience: { workspaceId } }: Stage, all: readonly Walked[]): Promise<void> {
  const addresses = all.map(({ execution }) => {
    const fields = execution.memory.contact?.fields;
    return { phone: fields?.phone_e164 ?? null, email: fields?.email ?? null };
  });
  const facts = await asReader(context.db, workspaceId, (tx) => readAddressFacts(tx, workspaceId, addresses));
  all.forEach(({ execution }, index) => {
    if (execution.memory.contact) execution.memory.contact = { ...execution.memory.contact, ...facts[index] };
  });
}
