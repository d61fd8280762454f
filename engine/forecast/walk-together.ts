import { readAddressFacts } from "./audience-rows.ts";
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
      if (rehearse(walked, stage.facts) === "looks_up") return "looks_up";
    } else if (came === "over" || isCut(stage, walked)) {
      stage.sink.walked(walked);
      return "over";
    }
  }
}

/** Moves a contact that rests to when it goes on, unless it has been followed for long enough. */
function isCut({ facts }: Stage, walked: Walked): boolean {
  if (!facts.keepsTexts || walked.characters <= mostCharacters) return wake(walked) === "cut";
  walked.isCut = true;
  return true;
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
  }
}

/**
 * What a pass of the engine does with those that are due together: the effects of one kind at a time, of the messages of one
 * channel the contact with the smallest id first.
 */
async function passTogether(stage: Stage, due: readonly Walked[], isOver: (walked: Walked) => void): Promise<void> {
  const queues = new Map<string, Walked[]>();
  const goOn = async (walked: Walked): Promise<void> => {
    if (stage.pace.isDue()) await stage.pace.rest();
    const came = walkOn(walked);
    if (came === "effect") {
      const { pending } = walked.execution.writes;
      const key = pending?.kind === "message" ? pending.draft.channel : (pending?.kind ?? "");
      const queue = queues.get(key);
      if (queue) queue.push(walked);
      else queues.set(key, [walked]);
    } else if (came === "over" || isCut(stage, walked)) {
      stage.sink.walked(walked);
      isOver(walked);
    }
  };
  for (const walked of due) await goOn(walked);
  for (;;) {
    const [key, batch] = [...queues].find(([, waiting]) => waiting.length > 0) ?? [];
    if (key === undefined || batch === undefined) return;
    queues.set(key, []);
    const asking: Walked[] = [];
    for (const walked of batch.toSorted((a, b) => (a.execution.id < b.execution.id ? -1 : 1))) {
      if (stage.pace.isDue()) await stage.pace.rest();
      if (rehearse(walked, stage.facts) === "looks_up") asking.push(walked);
    }
    if (asking.length > 0) await lookUpAddresses(stage, asking);
    for (const walked of batch) await goOn(walked);
  }
}

/** Finds out what the check of a recipient asks about addresses that the flow itself has written. */
async function lookUpAddresses({ context, pace, audience: { workspaceId } }: Stage, all: readonly Walked[]): Promise<void> {
  const addresses = all.map(({ execution }) => {
    const fields = execution.memory.contact?.fields;
    return { phone: fields?.phone_e164 ?? null, email: fields?.email ?? null };
  });
  const facts = await pace.during(() => asReader(context.db, workspaceId, (tx) => readAddressFacts(tx, workspaceId, addresses)));
  all.forEach(({ execution }, index) => {
    if (execution.memory.contact) execution.memory.contact = { ...execution.memory.contact, ...facts[index] };
  });
}
