import type { Route } from "#contract/route.ts";
import type { Resources } from "../compose/resources.ts";
import type { Idempotency } from "./idempotency.ts";
import type { StreamCount } from "./stream-count.ts";

/** A handler of any route. Its types were checked in the file that defines it, against the same table. */
export type AnyHandler = (call: object) => Promise<unknown>;

export interface MountOptions {
  resources: Resources;
  /** Compares every answer with its schema, for development and tests. */
  checkResponses: boolean;
  /** Whether this instance has an owner. Until then only the few routes that lead to one are served. */
  isClaimed(): Promise<boolean>;
}

/** A route together with everything that answering it needs. */
export interface MountedRoute extends MountOptions {
  id: string;
  route: Route;
  handler: AnyHandler;
  idempotency: Idempotency;
  streams: StreamCount;
}
