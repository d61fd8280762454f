import { defaultProvider, findProvider } from "#channels/providers.ts";
import { type Channel, channels } from "#contract/messages.ts";
import type { ProviderState } from "#contract/providers.ts";
import type { Tx } from "#db/client.ts";
import { listProviderRows } from "#db/queries/providers.ts";

/** The provider of every channel, also where none was chosen. */
export async function readProviderStates(db: Tx, workspaceId: string): Promise<ProviderState[]> {
  const rows = await listProviderRows(db, { workspaceId });
  return channels.map((channel) => {
    const row = rows.find((candidate) => candidate.channel === channel);
    if (!row) return { channel, provider: defaultProvider(channel).name, settings: {}, hasSecret: false, secretEnds: {}, updatedAt: null };
    return { ...row, provider: findProvider(channel, row.provider)?.name ?? row.provider };
  });
}

export async function readProviderState(db: Tx, workspaceId: string, channel: Channel): Promise<ProviderState> {
  const states = await readProviderStates(db, workspaceId);
  return states.find((state) => state.channel === channel) as ProviderState;
}
