import type { Route } from "#contract/route.ts";
import type { Resources } from "../compose/resources.ts";
import type { CallerPlace } from "./caller-places.ts";
import type { HeavyStatements } from "./heavy-statements.ts";
import type { Idempotency } from "./idempotency.ts";
import type { RequestRates } from "./request-rates.ts";
import type { StreamAccess } from "./stream-access.ts";
import type { StreamCount } from "./stream-count.ts";
import type { UploadCount } from "./upload-count.ts";

/** A handler of any route. Its types were checked in the file that defines it, against the same table. */
export type AnyHandler = (call: object) => Promise<unknown>;

export interface MountOptions {
  resources: Resources;
  /** Compares every answer with its schema, for development and tests. */
  checkResponses: boolean;
  /** Requests are not limited without it. */
  rates?: RequestRates | undefined;
  /** Whether this instance has an owner. Until then only the few routes that lead to one are served. */
  isClaimed(): Promise<boolean>;
  /** Milliseconds between two looks at whether the caller of an open stream may still read it; 15,000 if left out. */
  streamCheckMs?: number | undefined;
}

/** A route together with everything that answering it needs. */
export interface MountedRoute extends MountOptions {
  id: string;
  route: Route;
  handler: AnyHandler;
  idempotency: Idempotency;
  streams: StreamCount;
  heavy: HeavyStatements;
  uploads: UploadCount;
  streamAccess: StreamAccess;
  callerPlace: CallerPlace;
}
