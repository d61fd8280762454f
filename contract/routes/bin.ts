import { z } from "zod";
import { BinnedContact, BinQuery, EraseFromBin, RestoreFromBin } from "../bin.ts";
import { pageOf, Uuid } from "../pagination.ts";
import { byId, defineRoute, member } from "../route.ts";

export const binRoutes = {
  listBin: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/bin",
    tag: "Bin",
    summary: "Deleted contacts that can still be restored, the last deleted first",
    description: "A contact lies here for 30 days and is then erased.",
    auth: member("viewer", "contacts:read"),
    query: BinQuery,
    response: z.object({ ...pageOf(BinnedContact).shape, total: z.number().int() }),
  }),
  getFromBin: defineRoute({
    method: "GET",
    path: "/api/bin/:id",
    tag: "Bin",
    summary: "One deleted contact that can still be restored",
    auth: member("viewer", "contacts:read"),
    params: byId,
    response: BinnedContact,
  }),
  restoreFromBin: defineRoute({
    method: "POST",
    path: "/api/bin/restore",
    tag: "Bin",
    summary: "Restore deleted contacts",
    description:
      "They come back with their values and consents. The flows that they were in stay ended. An id that is not in the bin is passed over; `ids` names the restored ones. Answered with 404 where none of them is in the bin.",
    auth: member("editor", "contacts:write"),
    body: RestoreFromBin,
    response: z.object({ restored: z.number().int(), ids: z.array(Uuid) }),
    bodyLimit: 1024 * 1024,
    audit: "bin.restore",
  }),
  eraseFromBin: defineRoute({
    method: "POST",
    path: "/api/bin/erase",
    tag: "Bin",
    summary: "Erase deleted contacts for good, before their 30 days are over",
    description:
      "The history of what was sent to them stays without their name, address or text. It cannot be undone. Answered with 404 where none of them is in the bin.",
    auth: member("owner", null),
    body: EraseFromBin,
    response: z.object({ erased: z.number().int() }),
    audit: "bin.erase",
  }),
};
