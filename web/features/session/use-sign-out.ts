import { useIsMutating, useMutation } from "@tanstack/react-query";
import { forgetTab } from "#ui/browser-memory.ts";
import { signOut } from "#web/entities/session/supabase-session.ts";

const mutationKey = ["sign-out"];
const untilTheTabIsLoadedAnew = () => new Promise<never>(() => {});

/**
 * Ends the session and loads the tab anew: nothing this person saw stays in its memory, and the next one is not led to their page.
 * If it succeeds, it stays pending until then.
 */
export function useSignOut(onError?: (error: Error) => void) {
  return useMutation({
    mutationKey,
    mutationFn: async () => {
      await signOut();
      forgetTab();
      window.location.assign("/sign-in");
      return untilTheTabIsLoadedAnew();
    },
    ...(onError && { onError }),
  });
}

/** True while the tab is about to reload. A form shown now would lose what is typed into it. */
export function useIsSigningOut() {
  return useIsMutating({ mutationKey }) > 0;
}
