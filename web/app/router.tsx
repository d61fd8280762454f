import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
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
const member = createRoute({ getParentRoute: () => root, id: "member", component: MemberArea });
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
  component: lazyRouteComponent(() => import("./pages/contacts-page.tsx"), "ContactsPage"),
});
const flows = createRoute({
  getParentRoute: () => member,
  path: "/flows",
  validateSearch: searchStrings("q", "folder"),
  component: lazyRouteComponent(() => import("./pages/flows-page.tsx"), "FlowsPage"),
});
const flow = createRoute({
  getParentRoute: () => member,
  path: "/flows/$flowId",
  validateSearch: searchStrings("tab", "status", "q", "send", "missed", "execution", "path"),
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
  validateSearch: searchStrings("tab", "status", "q", "missed", "execution"),
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
const inbox = createRoute({
  getParentRoute: () => member,
  path: "/inbox",
  validateSearch: searchStrings("channel", "q", "message"),
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
const accountSettings = createRoute({
  getParentRoute: () => settings,
  path: "account",
  component: lazyRouteComponent(settingsPages, "AccountSection"),
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
    flows,
    flow,
    sends,
    send,
    queue,
    execution,
    inbox,
    settings.addChildren([
      settingsHome,
      workspaceSettings,
      channelSettings,
      suppressionSettings,
      memberSettings,
      keySettings,
      accountSettings,
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
