import { z } from "zod";
import { byId, defineRoute, done, member } from "../route.ts";
import { SavedLaunch, SavedLaunchInput, SavedLaunchPatch } from "../saved-launches.ts";

const tag = "Sends";

export const savedLaunchRoutes = {
  listSavedLaunches: defineRoute({
    method: "GET",
    path: "/api/saved-launches",
    tag,
    summary: "One's own saved launches and those that are shared, the last used first, each with its last results",
    auth: member("editor", null),
    response: z.object({ items: z.array(SavedLaunch) }),
  }),
  createSavedLaunch: defineRoute({
    method: "POST",
    path: "/api/saved-launches",
    tag,
    summary: "Save a flow with whom it goes to, whom it leaves out, when and with which values",
    description: "A saved launch sends nothing by itself. A send that names it as `savedLaunchId` is told as its last result.",
    auth: member("editor", null),
    body: SavedLaunchInput,
    response: SavedLaunch,
    status: 201,
    audit: "saved_launch.create",
  }),
  updateSavedLaunch: defineRoute({
    method: "PATCH",
    path: "/api/saved-launches/:id",
    tag,
    summary: "Rename or share a saved launch, or change what it says",
    auth: member("editor", null),
    params: byId,
    body: SavedLaunchPatch,
    response: SavedLaunch,
    audit: "saved_launch.update",
  }),
  deleteSavedLaunch: defineRoute({
    method: "DELETE",
    path: "/api/saved-launches/:id",
    tag,
    summary: "Delete a saved launch. What was sent by it stays",
    auth: member("editor", null),
    params: byId,
    response: done,
    audit: "saved_launch.delete",
  }),
};
