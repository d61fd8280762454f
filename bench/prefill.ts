import { openCrowds } from "./seed-crowds.ts";
import { openHistory } from "./seed-history.ts";
import { openInbox } from "./seed-inbox.ts";
import { openSleepers } from "./seed-sleepers.ts";
import { fullSizes } from "./sizes.ts";

// node bench/prefill.ts: fills the databases of the full sizes, so that each bench begins within seconds. About five
// minutes and 22 GB in bench/.cache; what is filled already stays.
const { crowds, sleepers, history, inbox } = fullSizes;
for (const open of [() => openCrowds(crowds), () => openSleepers(sleepers), () => openHistory(history), () => openInbox(inbox)]) {
  await (await open()).stop();
}
