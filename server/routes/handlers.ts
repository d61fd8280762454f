import type { Handlers } from "../http/handler.ts";
import { apiKeyRoutes } from "./api-keys.ts";
import { approvalRoutes } from "./approvals.ts";
import { auditRoutes } from "./audit.ts";
import { binRoutes } from "./bin.ts";
import { bulkJobRoutes } from "./bulk-jobs.ts";
import { collisionRoutes } from "./collisions.ts";
import { compatRoutes } from "./compat.ts";
import { contactImportRoutes } from "./contact-imports.ts";
import { contactPageRoutes } from "./contact-pages.ts";
import { contactRoutes } from "./contacts.ts";
import { conversationRoutes } from "./conversations.ts";
import { descriptionRoutes } from "./description.ts";
import { executionRoutes } from "./executions.ts";
import { fieldTestRoutes } from "./field-tests.ts";
import { fieldRoutes } from "./fields.ts";
import { flowDraftRoutes } from "./flow-drafts.ts";
import { flowEndRoutes } from "./flow-ends.ts";
import { flowFileRoutes } from "./flow-files.ts";
import { flowFolderRoutes } from "./flow-folders.ts";
import { flowPeopleRoutes } from "./flow-people.ts";
import { flowTestRoutes } from "./flow-tests.ts";
import { flowToMeRoutes } from "./flow-to-me.ts";
import { flowRoutes } from "./flows.ts";
import { forecastRoutes } from "./forecasts.ts";
import { healthRoutes } from "./health.ts";
import { inboundRoutes } from "./inbound.ts";
import { instanceRoutes } from "./instance.ts";
import { invitationRoutes } from "./invitations.ts";
import { leadStatusRoutes } from "./lead-statuses.ts";
import { linkTrackingRoutes } from "./link-tracking.ts";
import { memberRoutes } from "./members.ts";
import { messageRoutes } from "./messages.ts";
import { myPhoneRoutes } from "./my-phone.ts";
import { noticeRoutes } from "./notices.ts";
import { proofRoutes } from "./proof.ts";
import { providerRoutes } from "./providers.ts";
import { queueRoutes } from "./queue.ts";
import { savedLaunchRoutes } from "./saved-launches.ts";
import { secretRoutes } from "./secrets.ts";
import { sendChartRoutes } from "./send-chart.ts";
import { sendControlRoutes } from "./send-controls.ts";
import { sendEvidenceRoutes } from "./send-evidence.ts";
import { sendHealingRoutes } from "./send-healing.ts";
import { sendTermRoutes } from "./send-terms.ts";
import { sendingDomainRoutes } from "./sending-domain.ts";
import { sendingRuleRoutes } from "./sending-rules.ts";
import { sendRoutes } from "./sends.ts";
import { sessionRoutes } from "./session.ts";
import { simulationRoutes } from "./simulations.ts";
import { stepPreviewRoutes } from "./step-previews.ts";
import { suppressionRoutes } from "./suppressions.ts";
import { workspaceRoutes } from "./workspaces.ts";

/** Every handler of the API, one for each route of the table. The program does not compile without one of them. */
export const handlers: Handlers = {
  ...apiKeyRoutes,
  ...approvalRoutes,
  ...auditRoutes,
  ...binRoutes,
  ...bulkJobRoutes,
  ...collisionRoutes,
  ...compatRoutes,
  ...contactImportRoutes,
  ...contactPageRoutes,
  ...contactRoutes,
  ...descriptionRoutes,
  ...conversationRoutes,
  ...executionRoutes,
  ...fieldRoutes,
  ...fieldTestRoutes,
  ...flowDraftRoutes,
  ...flowEndRoutes,
  ...flowFileRoutes,
  ...flowFolderRoutes,
  ...flowTestRoutes,
  ...flowToMeRoutes,
  ...flowPeopleRoutes,
  ...flowRoutes,
  ...forecastRoutes,
  ...healthRoutes,
  ...inboundRoutes,
  ...instanceRoutes,
  ...invitationRoutes,
  ...leadStatusRoutes,
  ...linkTrackingRoutes,
  ...memberRoutes,
  ...messageRoutes,
  ...myPhoneRoutes,
  ...noticeRoutes,
  ...providerRoutes,
  ...proofRoutes,
  ...savedLaunchRoutes,
  ...secretRoutes,
  ...sendChartRoutes,
  ...sendControlRoutes,
  ...queueRoutes,
  ...sendRoutes,
  ...sendEvidenceRoutes,
  ...sendHealingRoutes,
  ...sendTermRoutes,
  ...sendingDomainRoutes,
  ...sendingRuleRoutes,
  ...sessionRoutes,
  ...simulationRoutes,
  ...stepPreviewRoutes,
  ...suppressionRoutes,
  ...workspaceRoutes,
};
