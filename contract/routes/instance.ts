import { Instance, InstanceAdminInput, InstanceSettings, InstanceSettingsPatch } from "../instance.ts";
import { byId, defineRoute, instanceAdmin, member } from "../route.ts";

export const instanceRoutes = {
  getInstance: defineRoute({
    method: "GET",
    path: "/api/instance",
    tag: "Instance",
    summary: "Whether this instance sends at all",
    auth: member("viewer", "executions:read"),
    response: Instance,
  }),
  releaseSending: defineRoute({
    method: "POST",
    path: "/api/instance/release-sending",
    tag: "Instance",
    summary: "Let a restored copy send",
    description:
      "A copy of the data that starts elsewhere than its original sends nothing by itself. What the original sent after the copy was made is not known here, and leaves again unless the sends under way are paused or stopped first.",
    auth: instanceAdmin,
    response: Instance,
    audit: "instance.release_sending",
  }),
  getInstanceSettings: defineRoute({
    method: "GET",
    path: "/api/instance/settings",
    tag: "Instance",
    summary: "The settings of the instance, its admins, and what they did last",
    auth: instanceAdmin,
    response: InstanceSettings,
  }),
  updateInstanceSettings: defineRoute({
    method: "PATCH",
    path: "/api/instance/settings",
    tag: "Instance",
    summary: "Change the settings of the instance",
    auth: instanceAdmin,
    body: InstanceSettingsPatch,
    response: InstanceSettings,
    audit: "instance.update",
  }),
  addInstanceAdmin: defineRoute({
    method: "POST",
    path: "/api/instance/admins",
    tag: "Instance",
    summary: "Make a person an admin of the instance",
    auth: instanceAdmin,
    body: InstanceAdminInput,
    response: InstanceSettings,
    status: 201,
    audit: "instance.add_admin",
  }),
  removeInstanceAdmin: defineRoute({
    method: "DELETE",
    path: "/api/instance/admins/:id",
    tag: "Instance",
    summary: "Take the instance from a person; the last admin stays",
    auth: instanceAdmin,
    params: byId,
    response: InstanceSettings,
    audit: "instance.remove_admin",
  }),
};
