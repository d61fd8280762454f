import { FlowTest, FlowTestInput, FlowTestList, FlowTestPatch, FlowTestRun, FlowTestRunAnswer } from "../flow-tests.ts";
import { byId, defineRoute, done, member } from "../route.ts";

const tag = "Flows";

export const flowTestRoutes = {
  listFlowTests: defineRoute({
    method: "GET",
    path: "/api/flows/:id/tests",
    tag,
    summary: "The tests of a flow, each with what its last run found",
    description: "A key needs `flows:read` and `contacts:read`.",
    auth: member("viewer", "flows:read"),
    params: byId,
    response: FlowTestList,
  }),
  createFlowTest: defineRoute({
    method: "POST",
    path: "/api/flows/:id/tests",
    tag,
    summary: "Save a simulation as a test of its flow",
    description:
      "A test is the script of a simulation and what is expected of it. It names steps by their ids, so it follows them when they are renamed, moved or " +
      "changed; when one is removed, the test is `broken` until it is changed. With `copyContact` the contact is copied as it is now; a test that was made " +
      "from a contact, copied or not, is deleted when the contact is deleted for good. A flow has up to 50 tests. A key needs `flows:write` and `contacts:read`.",
    auth: member("editor", "flows:write"),
    params: byId,
    body: FlowTestInput,
    response: FlowTest,
    status: 201,
    bodyLimit: 1024 * 1024,
    audit: "flow.add_test",
  }),
  updateFlowTest: defineRoute({
    method: "PATCH",
    path: "/api/flow-tests/:id",
    tag,
    summary: "Rename a test, or change what it expects",
    auth: member("editor", "flows:write"),
    params: byId,
    body: FlowTestPatch,
    response: FlowTest,
    audit: "flow.change_test",
  }),
  deleteFlowTest: defineRoute({
    method: "DELETE",
    path: "/api/flow-tests/:id",
    tag,
    summary: "Delete a test of a flow",
    auth: member("editor", "flows:write"),
    params: byId,
    response: done,
    audit: "flow.delete_test",
  }),
  runFlowTests: defineRoute({
    heavy: true,
    waitsOutside: true,
    method: "POST",
    path: "/api/flows/:id/tests/run",
    tag,
    summary: "Run the tests of a flow on its draft or on what is live",
    description:
      "Each test is a simulation of its own: nothing is sent, nothing of it stays but its result, which is kept with the test. Whether a test passes does not " +
      "depend on how fast it is walked; one that meets a limit of the simulator is `unfinished`. A draft with errors is refused as `flow_invalid`. All tests " +
      "of a request have a minute together. A key needs `flows:write` and `contacts:read`.",
    auth: member("editor", "flows:write"),
    params: byId,
    body: FlowTestRun,
    response: FlowTestRunAnswer,
    audit: "flow.run_tests",
  }),
};
