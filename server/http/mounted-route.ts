import type { Route } from "#contract/route.ts";
import type { Resources } from "../compose/resources.ts";
import type { Idempotency } from "./idempotency.ts";
import type { StreamCount } from "./stream-count.ts";

/** Handlers of every kind of route: their types were checked where they were written, against the same table. */
export type AnyHandler = (call: object) => Promise<unknown>;

export interface MountOptions {
  resources: Resources;
  /** Compares every answer with its schema; for development and tests. */
  checkResponses: boolean;
  /** Whether this instance has an owner. Until then next to nothing is served. */
  isClaimed(): Promise<boolean>;
}

/** A route with all it needs to be answered. */
export interface MountedRoute extends MountOptions {
  id: string;
  route: Route;
  handler: AnyHandler;
  idempotency: Idempotency;
  streams: StreamCount;
}
