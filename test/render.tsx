import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { cleanup, render } from "@testing-library/react";
import type { ReactElement } from "react";
import { afterEach, vi } from "vitest";
import type { Role, User, Workspace } from "#contract/people.ts";
import { UiProvider } from "#ui/provider.tsx";
// Chunks of their own in the browser. Loaded here, so that no test waits for their translation.
import "#ui/menu-list.tsx";
import "#ui/toast-view.tsx";
import "#ui/tooltip-bubble.tsx";
import { clearToasts } from "#ui/toaster.tsx";
import { createQueryClient } from "#web/app/query-client.ts";
import { type InstanceRights, SessionContext, toSession } from "#web/entities/session/use-session.ts";
import { setCurrentWorkspace } from "#web/lib/current-workspace.ts";
import { steadyUser } from "./steady-user.ts";

afterEach(() => {
  cleanup();
  clearToasts();
  setCurrentWorkspace(null);
});

const user: User = { id: "0192f000-0000-7000-8000-000000000001", name: "Ada Lovelace", email: "ada@example.com" };
/** The workspace of whoever is signed in. */
export const workspace: Workspace = {
  id: "ws-1",
  name: "Analytical Engines",
  timeZone: "Europe/London",
  undoSeconds: 0,
  emailInDoubt: "hold",
  smsInDoubt: "hold",
  postalAddress: null,
  helpText: null,
  smsCountries: ["US"],
  sandbox: false,
  country: "GB",
  isDemo: false,
  role: "owner",
};

interface Options {
  /** The role of the signed-in person; null if nobody is signed in. */
  role?: Role | null;
  workspace?: Partial<Workspace>;
  /** Other workspaces to which the person belongs. */
  others?: Partial<Workspace>[];
  /** What the person may do on the instance; nothing if left out. */
  instance?: Partial<InstanceRights>;
  /** The address of the page. */
  route?: string;
}

/**
 * Renders an element as in the app: with our theme, a fresh cache, a router and a session. Refusals are not retried.
 */
export async function renderUi(
  element: ReactElement,
  { role = "owner", workspace: changes, others = [], instance = {}, route = "/" }: Options = {},
) {
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false }, mutations: { retry: false } });
  const current = { ...workspace, ...changes, role: role ?? "viewer" };
  if (role !== null) setCurrentWorkspace(current.id);
  const session =
    role === null
      ? null
      : toSession(user, current, [current, ...others.map((one) => ({ ...workspace, ...one }))], {
          isAdmin: false,
          mayCreateWorkspaces: false,
          ...instance,
        });
  const page = () => <SessionContext value={session}>{element}</SessionContext>;
  const router = createRouter({
    routeTree: createRootRoute({ component: page, notFoundComponent: page }),
    history: createMemoryHistory({ initialEntries: [route] }),
  });
  await router.load();
  const result = render(
    <UiProvider>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </UiProvider>,
  );
  return { ...result, user: steadyUser(), queryClient, router };
}

// Parts of a browser that jsdom lacks. They only have to be there; no test depends on what they do.
class NothingObserved {
  observe() {}
  unobserve() {}
  disconnect() {}
  takeRecords() {
    return [];
  }
}
vi.stubGlobal("ResizeObserver", NothingObserved);
vi.stubGlobal("IntersectionObserver", NothingObserved);
vi.stubGlobal("matchMedia", (media: string) => ({
  media,
  matches: false,
  addEventListener() {},
  removeEventListener() {},
  addListener() {},
  removeListener() {},
}));
vi.stubGlobal("CSS", { supports: () => false, escape: (text: string) => text.replace(/[^\w-]/g, (sign) => `\\${sign}`) });
window.scrollTo = () => {};
Element.prototype.scrollIntoView ??= () => {};
Element.prototype.scrollTo ??= () => {};
Element.prototype.hasPointerCapture ??= () => false;
Element.prototype.releasePointerCapture ??= () => {};
// jsdom has no layout, and an element without a box counts as hidden, so it could not take the focus.
Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList;
Element.prototype.getClientRects = () => [new DOMRect(0, 0, 10, 10)] as unknown as DOMRectList;
