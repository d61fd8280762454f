import { apiKeyRoutes } from "./routes/api-keys.ts";
import { approvalRoutes } from "./routes/approvals.ts";
import { auditRoutes } from "./routes/audit.ts";
import { binRoutes } from "./routes/bin.ts";
import { collisionRoutes } from "./routes/collisions.ts";
import { compatRoutes } from "./routes/compat.ts";
import { contactImportRoutes } from "./routes/contact-imports.ts";
import { contactPageRoutes } from "./routes/contact-pages.ts";
import { conversationRoutes } from "./routes/conversations.ts";
import { descriptionRoutes } from "./routes/description.ts";
import { executionRetryRoutes } from "./routes/execution-retries.ts";
import { fieldTestRoutes } from "./routes/field-tests.ts";
import { flowDraftRoutes } from "./routes/flow-drafts.ts";
import { flowEndRoutes } from "./routes/flow-ends.ts";
import { flowFileRoutes } from "./routes/flow-files.ts";
import { flowFolderRoutes } from "./routes/flow-folders.ts";
import { flowTestRoutes } from "./routes/flow-tests.ts";
import { flowToMeRoutes } from "./routes/flow-to-me.ts";
import { forecastRoutes } from "./routes/forecasts.ts";
import { inboundRoutes } from "./routes/inbound.ts";
import { invitationRoutes } from "./routes/invitations.ts";
import { linkTrackingRoutes } from "./routes/link-tracking.ts";
import { memberRoutes } from "./routes/members.ts";
import { myPhoneRoutes } from "./routes/my-phone.ts";
import { noticeRoutes } from "./routes/notices.ts";
import { personExportRoutes } from "./routes/person-export.ts";
import { proofRoutes } from "./routes/proof.ts";
import { providerRoutes } from "./routes/providers.ts";
import { queueRoutes } from "./routes/queue.ts";
import { savedLaunchRoutes } from "./routes/saved-launches.ts";
import { secretRoutes } from "./routes/secrets.ts";
import { sendChangeRoutes } from "./routes/send-changes.ts";
import { sendChartRoutes } from "./routes/send-chart.ts";
import { sendEvidenceRoutes } from "./routes/send-evidence.ts";
import { sendHealingRoutes } from "./routes/send-healing.ts";
import { sendTermRoutes } from "./routes/send-terms.ts";
import { sendingDomainRoutes } from "./routes/sending-domain.ts";
import { sendingRuleRoutes } from "./routes/sending-rules.ts";
import { simulationRoutes } from "./routes/simulations.ts";
import { stepPreviewRoutes } from "./routes/step-previews.ts";
import { suppressionRoutes } from "./routes/suppressions.ts";

/** All other routes. The browser loads them when one of them is called. */
export const furtherRoutes = {
  ...descriptionRoutes,
  ...conversationRoutes,
  ...memberRoutes,
  ...invitationRoutes,
  ...apiKeyRoutes,
  ...approvalRoutes,
  ...auditRoutes,
  ...binRoutes,
  ...collisionRoutes,
  ...contactImportRoutes,
  ...contactPageRoutes,
  ...executionRetryRoutes,
  ...fieldTestRoutes,
  ...flowDraftRoutes,
  ...flowEndRoutes,
  ...flowFileRoutes,
  ...flowFolderRoutes,
  ...flowTestRoutes,
  ...flowToMeRoutes,
  ...forecastRoutes,
  ...linkTrackingRoutes,
  ...myPhoneRoutes,
  ...noticeRoutes,
  ...sendEvidenceRoutes,
  ...sendHealingRoutes,
  ...sendChangeRoutes,
  ...sendChartRoutes,
  ...sendTermRoutes,
  ...sendingDomainRoutes,
  ...sendingRuleRoutes,
  ...simulationRoutes,
  ...stepPreviewRoutes,
  ...suppressionRoutes,
  ...queueRoutes,
  ...providerRoutes,
  ...personExportRoutes,
  ...proofRoutes,
  ...inboundRoutes,
  ...savedLaunchRoutes,
  ...secretRoutes,
  ...compatRoutes,
} as const;
