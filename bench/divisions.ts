import type { WorkSizes } from "#engine/jobs/work-sizes.ts";
import type { BenchDatabase } from "./cluster.ts";
import { clearSends, fillWorkspace } from "./fill.ts";
import { addFlow } from "./flow.ts";
import type { CpuUse } from "./process-costs.ts";
import { sendToAll } from "./send-to-all.ts";
import { median, round } from "./statistics.ts";

/** Small chunks and many lanes, as for several workers. */
const divided: Partial<WorkSizes> = { smallestChunk: 100, largestChunk: 100, mostLanes: 16 };
/** Every send in chunks of 500 and three lanes, whatever its size: the cheapest division for one worker. */
const coarse: Partial<WorkSizes> = { smallestChunk: 500, largestChunk: 500, mostLanes: 3 };

export interface DivisionCost {
  contacts: number;
  /** CPU microseconds of an execution, Postgres and the worker together. */
  coarseMicros: number;
  dividedMicros: number;
  /** The median of the rounds' ratios, divided by coarse. */
  cpuRatio: number;
  clockRatio: number;
}

/** Measures what one worker pays for a send that is divided for several. Both divisions run in turns, in reversed order each second round. */
export async function measureDivisions(
  bench: BenchDatabase,
  { sizes, rounds, executions }: { sizes: number[]; rounds: number; executions: number },
) {
  const costs: DivisionCost[] = [];
  for (const contacts of sizes) {
    const workspaceId = await fillWorkspace(bench.db, contacts);
    const flowId = await addFlow(bench.db, workspaceId);
    const run = async (workSizes: Partial<WorkSizes>) => {
      const sends = Math.max(1, Math.round(executions / contacts));
      let [micros, ms] = [0, 0];
      for (let send = 0; send < sends; send += 1) {
        const { cpu, completedMs } = await sendToAll(bench, { workspaceId, flowId, expected: contacts, workSizes });
        micros += totalMicros(cpu);
        ms += completedMs;
      }
      await clearSends(bench.db);
      return { micros: micros / sends / contacts, ms: ms / sends };
    };
    await run(divided);
    const pairs: { coarse: { micros: number; ms: number }; divided: { micros: number; ms: number } }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      if (round % 2 === 0) pairs.push({ coarse: await run(coarse), divided: await run(divided) });
      else {
        const first = await run(divided);
        pairs.push({ coarse: await run(coarse), divided: first });
      }
    }
    const cost = {
      contacts,
      coarseMicros: round(median(pairs.map((pair) => pair.coarse.micros)), 0),
      dividedMicros: round(median(pairs.map((pair) => pair.divided.micros)), 0),
      cpuRatio: round(median(pairs.map((pair) => pair.divided.micros / pair.coarse.micros))),
      clockRatio: round(median(pairs.map((pair) => pair.divided.ms / pair.coarse.ms))),
    };
    console.log(`divided for several workers, ${contacts}: ${cost.dividedMicros} µs against ${cost.coarseMicros}, ${cost.cpuRatio} ×`);
    costs.push(cost);
  }
  return costs;
}

export const totalMicros = ({ processMicros, postgresMicros }: CpuUse) => processMicros + (postgresMicros ?? Number.NaN);
