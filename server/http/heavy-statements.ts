import { availableParallelism } from "node:os";
import { ApiError } from "./errors.ts";

/**
 * How long a heavy request may hold its place. `short`: for one transaction, whose statements use a core from beginning to end. `long`: it
 * streams a file, reads one, or waits for something else. `walk`: it walks contacts through flows in this process. `page`: one of the
 * transactions of a long one. `act`: it sends, and may wait with its connections for others who enter the same flow.
 */
export type HeavyKind = "short" | "long" | "walk" | "page" | "act";

export interface HeavyRequest {
  workspaceId: string;
  /** Who is behind it: the person, or the maker of the key. */
  person: string;
  kind: HeavyKind;
  /** It changes something, so whoever asked for it waits longer rather than ask again. */
  isChange?: boolean;
}

/** Lets each workspace and each person, and all together, run so many heavy requests at a time; see `heavy` of a route. */
export interface HeavyStatements {
  /**
   * Waits for a place and takes it. The function that is returned gives it back.
   * @throws ApiError workspace_busy or instance_busy when no place is free in time or too many wait already; nothing if the caller goes away
   */
  enter(request: HeavyRequest, signal: AbortSignal): Promise<() => void>;
}

/** What keeps a request waiting: other requests of its workspace, of the person behind it, or of all. */
type Obstacle = keyof typeof refusals;

interface Waiting extends HeavyRequest {
  go(): void;
}

type Running = Record<HeavyKind, number>;

/** What a workspace or a person has running, and when their last turn was. */
interface Share {
  running: Running;
  waiting: number;
  /** Grows with each place that anybody takes. */
  lastTurn: number;
}

const refusals = {
  workspace: [
    "workspace_busy",
    "This workspace is counting, searching, sending or exporting a lot at the moment. Try again in a few seconds.",
  ],
  person: [
    "workspace_busy",
    "You are counting, searching, sending or exporting a lot in your workspaces at the moment. Try again in a few seconds.",
  ],
  instance: [
    "instance_busy",
    "Many people are counting, searching, sending or exporting at the moment, and this had no turn yet. Try again in a few seconds.",
  ],
} as const;
function refusal(obstacle: Obstacle): ApiError {
  const [code, sentence] = refusals[obstacle];
  return new ApiError(code, sentence, { retryAfter: 3 });
}

/** One core is left for everybody else. The database is taken to have as many as this machine. */
export const coresForHeavy = Math.max(1, availableParallelism() - 1);
/** Of the ten connections of the API some are left for everything else, however many cores there are. */
const mostStatements = 4;
const mostActs = 3;
/** Walks take the processor of this process in turns, so each further one makes everybody else wait longer for theirs. */
const mostWalks = 2;

interface HeavyOptions {
  atOnce?: number;
  cores?: number;
  walks?: number;
  mostWaiting?: number;
  waitMs?: number;
  changeWaitMs?: number;
  pageWaitMs?: number;
}

/**
 * The connections to the database and its cores are shared by all workspaces, and so is the processor of this server. Those who wait here
 * hold none of them.
 *
 * A workspace runs `atOnce` requests, and as many that send; a second short one only while fewer than `cores` of them run in all. All
 * workspaces together run one statement more than there are cores for, and of all places a person leaves one to others, however many
 * workspaces they have made. What becomes free goes to the person whose last turn is longest ago, and to the one of their workspaces whose last turn is.
 */
export function createHeavyStatements({
  atOnce = 2,
  cores = coresForHeavy,
  walks = mostWalks,
  mostWaiting = 20,
  waitMs = 5_000,
  changeWaitMs = 15_000,
  pageWaitMs = 60_000,
}: HeavyOptions = {}): HeavyStatements {
  const workspaces = new Map<string, Share>();
  const people = new Map<string, Share>();
  const waiting = new Set<Waiting>();
  const most = Math.min(cores + 1, mostStatements);
  /** How many of a kind all may run together, and which count. */
  const shared = {
    short: [most, statements],
    page: [most, statements],
    walk: [walks, ({ walk }: Running) => walk],
    act: [mostActs, ({ act }: Running) => act],
  } as const;
  const all = nothingRunning();
  let turns = 0;

  function obstacle({ workspaceId, person, kind }: HeavyRequest): Obstacle | undefined {
    const ofWorkspace = shareOf(workspaces, workspaceId).running;
    const ofPerson = shareOf(people, person).running;
    const beside = kind === "act" ? ofWorkspace.act : ofWorkspace.short + ofWorkspace.long + ofWorkspace.walk;
    if (kind !== "page" && beside >= atOnce) return "workspace";
    if (kind === "short" && ofWorkspace.short > 0 && statements(all) >= cores) return "workspace";
    if (kind === "long") return undefined;
    const [places, count] = shared[kind];
    if (count(all) >= places) return "instance";
    return count(ofPerson) >= Math.max(1, places - 1) ? "person" : undefined;
  }

  function take(request: HeavyRequest): () => void {
    const shares = [shareOf(workspaces, request.workspaceId), shareOf(people, request.person)];
    turns += 1;
    all[request.kind] += 1;
    for (const share of shares) {
      share.running[request.kind] += 1;
      share.lastTurn = turns;
    }
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      all[request.kind] -= 1;
      for (const share of shares) share.running[request.kind] -= 1;
      forget(request);
      for (let next = nextOf(); next; next = nextOf()) next.go();
    };
  }

  function nextOf(): Waiting | undefined {
    let first: Waiting | undefined;
    for (const one of waiting) if (obstacle(one) === undefined && (!first || isBefore(one, first))) first = one;
    return first;
  }

  /** Of two of one workspace the one that came first stays the first. */
  function isBefore(a: Waiting, b: Waiting): boolean {
    const byPerson = shareOf(people, a.person).lastTurn - shareOf(people, b.person).lastTurn;
    if (byPerson !== 0) return byPerson < 0;
    return shareOf(workspaces, a.workspaceId).lastTurn < shareOf(workspaces, b.workspaceId).lastTurn;
  }

  function forget({ workspaceId, person }: HeavyRequest): void {
    if (isIdle(shareOf(workspaces, workspaceId))) workspaces.delete(workspaceId);
    if (isIdle(shareOf(people, person))) people.delete(person);
  }

  return {
    async enter(request, signal) {
      const blocked = obstacle(request);
      if (blocked === undefined) return take(request);
      const shares = [shareOf(workspaces, request.workspaceId), shareOf(people, request.person)];
      // A file that is being written has its place in the row already, and sends have a rate.
      const isFew = request.kind === "page" || request.kind === "act";
      if (!isFew && shares.some((share) => share.waiting >= mostWaiting)) {
        forget(request);
        throw refusal(blocked);
      }
      const patience = request.kind === "page" ? pageWaitMs : request.isChange ? changeWaitMs : waitMs;
      return new Promise((resolve, reject) => {
        const stop = () => {
          waiting.delete(entry);
          for (const share of shares) share.waiting -= 1;
          clearTimeout(timer);
          signal.removeEventListener("abort", giveUp);
        };
        const entry: Waiting = {
          ...request,
          go() {
            stop();
            resolve(take(request));
          },
        };
        const giveUp = () => {
          const still = obstacle(request);
          stop();
          forget(request);
          reject(refusal(still ?? blocked));
        };
        const timer = setTimeout(giveUp, patience);
        waiting.add(entry);
        for (const share of shares) share.waiting += 1;
        signal.addEventListener("abort", giveUp, { once: true });
        if (signal.aborted) giveUp();
      });
    },
  };
}

const statements = (running: Running) => running.short + running.page;
const nothingRunning = (): Running => ({ short: 0, long: 0, walk: 0, page: 0, act: 0 });

function shareOf(shares: Map<string, Share>, name: string): Share {
  const known = shares.get(name);
  if (known) return known;
  const made: Share = { running: nothingRunning(), waiting: 0, lastTurn: 0 };
  shares.set(name, made);
  return made;
}

const isIdle = ({ running, waiting }: Share) => waiting === 0 && Object.values(running).every((count) => count === 0);
