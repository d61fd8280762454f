import type { FlowPerson } from "#contract/flow-people.ts";
import { listPresence, removePresence, writePresence } from "#db/queries/member-flows.ts";
import type { Resources } from "../compose/resources.ts";
import { createRowWatch, type RowWatch } from "./row-watch.ts";

/** Everybody who has a flow open. */
interface AtFlow {
  id: string;
  people: FlowPerson[];
}

export interface OpenTab {
  workspaceId: string;
  flowId: string;
  userId: string;
  tab: string;
  name: string;
}

/** Milliseconds between two signs of life of a tab. */
const heartbeatMs = 4_000;
/** A tab that was silent for so long has died with its process. */
const silentSeconds = 10;

/** There is one watch per running server, so that each flow has one reader however many look at it. */
const watches = new WeakMap<Resources, RowWatch<AtFlow>>();

/**
 * Counts a tab among those that have the flow open until `signal` aborts, and tells who else has, now and whenever somebody comes
 * or goes. It is so for several processes, because all of them keep their tabs in the database.
 */
export async function joinFlow(
  resources: Resources,
  tab: OpenTab,
  signal: AbortSignal,
  tell: (people: FlowPerson[]) => void,
): Promise<void> {
  const { ownerDb: db, log } = resources;
  const warn = (error: unknown) => log.warn({ err: error, flowId: tab.flowId }, "who has a flow open could not be written");
  await writePresence(db, tab);
  const people = await listPresence(db, { ...tab, silentSeconds }).catch((error: unknown) => {
    void removePresence(db, tab).catch(warn);
    throw error;
  });
  const beat = setInterval(() => void writePresence(db, tab).catch(warn), heartbeatMs);
  const watching = watchOf(resources).watch({ id: tab.flowId, people }, tab, (now) => tell(now.people));
  const leave = () => {
    clearInterval(beat);
    watching.stop();
    void removePresence(db, tab).catch(warn);
  };
  signal.addEventListener("abort", leave, { once: true });
  if (signal.aborted) leave();
  else tell(people);
}

function watchOf(resources: Resources): RowWatch<AtFlow> {
  const known = watches.get(resources);
  if (known) return known;
  const find = async (db: Resources["ownerDb"], { workspaceId, id }: { workspaceId: string; id: string }) => ({
    id,
    people: await listPresence(db, { workspaceId, flowId: id, silentSeconds }),
  });
  const { ownerDb, log } = resources;
  const made = createRowWatch<AtFlow>({ what: "flow", find, isOver: () => false }, { db: ownerDb, log, lively: 1_000, resting: 1_000 });
  watches.set(resources, made);
  return made;
}
