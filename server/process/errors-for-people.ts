import { EmbeddedFailure } from "#db/embedded/failure.ts";
import { MigrationFailure } from "#db/migrate/failure.ts";
import { LoginFailure } from "#db/migrate/logins.ts";
import { SessionFailure } from "#db/session-check.ts";
import { TriggerProblem } from "#engine/drivers/trigger/service.ts";
import { DemoRefused } from "../commands/start-demo.ts";
import { ArgumentsFailure } from "./arguments.ts";
import { EnvError } from "./env.ts";
import { InstanceRunning } from "./instance-lock.ts";
import { ListenFailure } from "./listen-failure.ts";
import { WorkerFailure } from "./worker-process.ts";

const errorsForPeople = [
  ArgumentsFailure,
  EnvError,
  EmbeddedFailure,
  MigrationFailure,
  LoginFailure,
  SessionFailure,
  InstanceRunning,
  ListenFailure,
  DemoRefused,
  TriggerProblem,
  WorkerFailure,
];

/**
 * Whether the message of an error is written for people and printed as it is. Any other error is a bug and is printed
 * with its stack.
 */
export const isForPeople = (error: unknown): boolean => errorsForPeople.some((known) => error instanceof known);
