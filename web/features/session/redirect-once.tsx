import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";

interface RedirectOnceProps {
  to: "/claim" | "/sign-in" | "/welcome";
  /** The address to return to after signing in. */
  from?: string;
}

/**
 * Goes there once. (The router's own Navigate goes again at each render with a new `search`, and going is itself a
 * render: a circle.) `from` is taken when this appears; on the way the address is another one already.
 */
export function RedirectOnce({ to, from }: RedirectOnceProps) {
  const navigate = useNavigate();
  const [start] = useState(from);
  useEffect(() => {
    void navigate({ to, search: start === undefined ? {} : { from: start }, replace: true });
  }, [navigate, to, start]);
  return null;
}
