import { openCrowds } from "./seed-crowds.ts";
import { openHistory } from "./seed-history.ts";
import { openSleepers } from "./seed-sleepers.ts";
import { fullSizes } from "./sizes.ts";

// node bench/prefill.ts: fills the databases of the full sizes, so that each bench begins within seconds. About three
// minutes and 20 GB in bench/.cache; what is filled already stays.
for (const open of [() => openCrowds(fullSizes.crowds), () => openSleepers(fullSizes.sleepers), () => openHistory(fullSizes.history)]) {
  await (await open()).stop();
}
