import type { PeopleCounts, PeopleMove, PublishPreview } from "#contract/flow-publish.ts";
import type { PublishedTests } from "#contract/flow-tests.ts";
import type { Actor, Asker } from "./send-api.ts";

export type PreviewPublishInput = Pick<PublishFlowInput, "workspaceId" | "flowId" | "revision">;

export type PeopleInside = Pick<PublishPreview, "people" | "unaffected" | "number">;

export interface PublishFlowInput {
  workspaceId: string;
  flowId: string;
  /** The revision of the draft that the person has seen. */
  revision: string;
  /** The mark of what is live, where that was changed since the draft began and is to be replaced all the same. */
  replaces?: string | undefined;
  note: string | null;
  /** What becomes of the people inside, by the step at which they stand. */
  moves: readonly PeopleMove[];
  /** What the tests of the flow said, to be kept with the version. */
  tests?: PublishedTests | null;
  actor: Actor;
  /** The people of an approved send follow only whom might have approved it. */
  asker?: Asker;
}

export interface OfFlowBy {
  workspaceId: string;
  flowId: string;
  actor: Actor;
}

export interface ArchiveFlowInput extends OfFlowBy {
  /** What becomes of the contacts who are in the flow. */
  people: "finish" | "end";
}

export interface ArchivedFlow {
  /** How many contacts were ended. */
  stopped: number;
  /** Sends that are still to be stopped: ask again. */
  sendsLeft: number;
}

export interface PublishedVersion {
  id: string;
  number: number;
  people: PeopleCounts;
}
