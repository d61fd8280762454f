import type { Logger } from "pino";
import { repeat } from "#engine/drivers/repeat.ts";
import type { Engine } from "#engine/engine.ts";

const everyMs = 2_000;

/** Looks every two seconds how the few go with whom sends begin. Every worker does; each send is decided by one of them. */
export const startCanaryWatch = ({ engine, log }: { engine: Engine; log: Logger }): { stop(): Promise<void> } =>
  repeat("canaries", everyMs, async () => void (await engine.tendCanaries()), log);
