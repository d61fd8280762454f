import { staysHere } from "#channels/stays-here.ts";
import type { FirstSteps } from "#contract/first-steps.ts";
import type { Db, Tx } from "#db/client.ts";
import { listTroubledChannels, readProgress } from "#db/queries/first-steps.ts";
import { readProviderStates } from "./provider-states.ts";

/** What a workspace has settled, read from the workspace itself. */
export async function readFirstSteps(db: Tx, { ownerDb, workspaceId }: { ownerDb: Db; workspaceId: string }): Promise<FirstSteps> {
  const { hidden, countryChosen, timeZoneChosen, hasContact, tested } = await readProgress(db, { workspaceId });
  const troubled = await listTroubledChannels(ownerDb, { workspaceId });
  const providers = await readProviderStates(db, workspaceId);
  const leaving = providers.filter(({ provider }) => !staysHere(provider));
  return {
    hidden,
    done: {
      country: countryChosen,
      timeZone: timeZoneChosen,
      channel: leaving.some(({ channel }) => !troubled.includes(channel)),
      contact: hasContact,
      test: tested.some(({ provider }) => !staysHere(provider)),
    },
  };
}
