import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { sessionQuery } from "#web/entities/session/session-query.ts";
import type { ListParams } from "#web/features/contacts/list-search.ts";
import { MemberArea } from "./member-area.tsx";
import { NotFoundPage } from "./not-found-page.tsx";
import { PagePending } from "./page-pending.tsx";
import { RouteError } from "./route-error.tsx";
import { searchStrings } from "./search-strings.ts";

/** Every address of the app. Pages are loaded when first visited, so that the first one is there at once. */
const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

// Before somebody is signed in.
const claim = createRoute({
  getParentRoute: () => root,
  path: "/claim",
  component: lazyRouteComponent(() => import("./pages/claim-page.tsx"), "ClaimPage"),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: searchStrings("from"),
  component: lazyRouteComponent(() => import("./pages/sign-in-page.tsx"), "SignInPage"),
});
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  component: lazyRouteComponent(() => import("./pages/reset-password-page.tsx"), "ResetPasswordPage"),
});
const invite = createRoute({
  getParentRoute: () => root,
  path: "/invite",
  component: lazyRouteComponent(() => import("./pages/invite-page.tsx"), "InvitePage"),
});
const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  component: lazyRouteComponent(() => import("./pages/welcome-page.tsx"), "WelcomePage"),
});

// Members: below the session gate, inside the layout.
const member = createRoute({
  getParentRoute: () => root,
  id: "member",
  // Asked while the code of the page is still under way.
  loader: ({ context }) => void context.queryClient.prefetchQuery(sessionQuery),
  component: MemberArea,
});
const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/contacts", replace: true });
  },
});
const contacts = createRoute({
  getParentRoute: () => member,
  path: "/contacts",
  validateSearch: searchStrings("q", "filter", "sort", "direction", "contact", "new"),
  loader: ({ context: { queryClient }, location }) => {
    const isFirstPage = queryClient.getQueryData(sessionQuery.queryKey) === undefined;
    if (isFirstPage)
      void import("#web/features/contacts/ask-early.ts").then(({ askEarly }) => askEarly(queryClient, location.search as ListParams));
  },
  component: lazyRouteComponent(() => import("./pages/contacts-page.tsx"), "ContactsPage"),
});
const bin = createRoute({
  getParentRoute: () => member,
  path: "/contacts/bin",
  validateSearch: searchStrings("q"),
  component: lazyRouteComponent(() => import("./pages/bin-page.tsx"), "BinPage"),
});
const contact = createRoute({
  getParentRoute: () => member,
  path: "/contacts/$contactId",
  validateSearch: searchStrings("tab"),
  component: lazyRouteComponent(() => import("./pages/contact-page.tsx"), "ContactPage"),
});
const flows = createRoute({
  getParentRoute: () => member,
  path: "/flows",
  validateSearch: searchStrings("q", "folder"),
  component: lazyRouteComponent(() => import("./pages/flows-page.tsx"), "FlowsPage"),
});
/** What narrows a history; see features/executions/narrowing.ts. */
const historyParts = ["at", "passed", "skipped", "failed", "left", "exit", "reason", "version", "from", "to", "runs"] as const;
const flow = createRoute({
  getParentRoute: () => member,
  path: "/flows/$flowId",
  validateSearch: searchStrings("tab", "status", "q", "send", "missed", "execution", "path", "step", "report", "test", ...historyParts),
  component: lazyRouteComponent(() => import("./pages/flow-page.tsx"), "FlowPage"),
});
const sends = createRoute({
  getParentRoute: () => member,
  path: "/sends",
  validateSearch: searchStrings("state", "flow"),
  component: lazyRouteComponent(() => import("./pages/sends-page.tsx"), "SendsPage"),
});
const send = createRoute({
  getParentRoute: () => member,
  path: "/sends/$sendId",
  validateSearch: searchStrings("tab", "status", "q", "missed", "execution", ...historyParts),
  component: lazyRouteComponent(() => import("./pages/send-page.tsx"), "SendPage"),
});
const queue = createRoute({
  getParentRoute: () => member,
  path: "/queue",
  component: lazyRouteComponent(() => import("./pages/queue-page.tsx"), "QueuePage"),
});
const execution = createRoute({
  getParentRoute: () => member,
  path: "/executions/$executionId",
  validateSearch: searchStrings("step"),
  component: lazyRouteComponent(() => import("./pages/execution-page.tsx"), "ExecutionPage"),
});
const notices = createRoute({
  getParentRoute: () => member,
  path: "/notices",
  component: lazyRouteComponent(() => import("./pages/notices-page.tsx"), "NoticesPage"),
});
const inbox = createRoute({
  getParentRoute: () => member,
  path: "/inbox",
  validateSearch: searchStrings("view", "channel", "q", "message", "which", "find", "contact", "at"),
  component: lazyRouteComponent(() => import("./pages/inbox-page.tsx"), "InboxPage"),
});

const settings = createRoute({
  getParentRoute: () => member,
  path: "/settings",
  component: lazyRouteComponent(() => import("./pages/settings-page.tsx"), "SettingsPage"),
});
const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/workspace", replace: true });
  },
});
const settingsPages = () => import("./pages/settings-sections.tsx");
const workspaceSettings = createRoute({
  getParentRoute: () => settings,
  path: "workspace",
  component: lazyRouteComponent(settingsPages, "WorkspaceSection"),
});
const channelSettings = createRoute({
  getParentRoute: () => settings,
  path: "channels",
  component: lazyRouteComponent(settingsPages, "ChannelsSection"),
});
const suppressionSettings = createRoute({
  getParentRoute: () => settings,
  path: "suppressions",
  component: lazyRouteComponent(settingsPages, "SuppressionsSection"),
});
const leadStatusSettings = createRoute({
  getParentRoute: () => settings,
  path: "lead-statuses",
  component: lazyRouteComponent(settingsPages, "LeadStatusesSection"),
});
const bulkChanges = createRoute({
  getParentRoute: () => settings,
  path: "bulk-changes",
  validateSearch: searchStrings("job"),
  component: lazyRouteComponent(settingsPages, "BulkChangesSection"),
});
const memberSettings = createRoute({
  getParentRoute: () => settings,
  path: "members",
  component: lazyRouteComponent(settingsPages, "MembersSection"),
});
const keySettings = createRoute({
  getParentRoute: () => settings,
  path: "api-keys",
  component: lazyRouteComponent(settingsPages, "ApiKeysSection"),
});
const secretSettings = createRoute({
  getParentRoute: () => settings,
  path: "secrets",
  component: lazyRouteComponent(settingsPages, "SecretsSection"),
});
const auditSettings = createRoute({
  getParentRoute: () => settings,
  path: "audit-log",
  component: lazyRouteComponent(settingsPages, "AuditSection"),
});
const accountSettings = createRoute({
  getParentRoute: () => settings,
  path: "account",
  component: lazyRouteComponent(settingsPages, "AccountSection"),
});
const instanceSettings = createRoute({
  getParentRoute: () => settings,
  path: "instance",
  component: lazyRouteComponent(settingsPages, "InstanceSection"),
});

const routeTree = root.addChildren([
  home,
  claim,
  signIn,
  resetPassword,
  invite,
  welcome,
  member.addChildren([
    contacts,
    bin,
    contact,
    flows,
    flow,
    sends,
    send,
    queue,
    execution,
    inbox,
    notices,
    settings.addChildren([
      settingsHome,
      workspaceSettings,
      channelSettings,
      suppressionSettings,
      leadStatusSettings,
      bulkChanges,
      memberSettings,
      keySettings,
      auditSettings,
      secretSettings,
      accountSettings,
      instanceSettings,
    ]),
  ]),
]);

export const createAppRouter = (queryClient: QueryClient) =>
  createRouter({
    routeTree,
    context: { queryClient },
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: NotFoundPage,
    defaultPendingComponent: PagePending,
    // The code of a page is loaded when the pointer moves onto its link.
    defaultPreload: "intent",
    defaultPendingMs: 300,
    scrollRestoration: true,
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
