import type { Logger } from "pino";
import { repeat } from "#engine/drivers/repeat.ts";
import type { Engine } from "#engine/engine.ts";

const everyMs = 60_000;

/** Looks every minute whether e-mail of a workspace does harm. Every worker does; a send is paused by one of them. */
export const startMailGuardWatch = ({ engine, log }: { engine: Engine; log: Logger }): { stop(): Promise<void> } =>
  repeat("mail guard", everyMs, async () => void (await engine.guardMail()), log);
