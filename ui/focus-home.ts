/**
 * Gives the focus to the page when what had it is gone: the button that opened a dialog may have left with the selection
 * or the menu it stood in. Otherwise the focus falls to the body, and a keyboard begins anew at the top.
 */
export function focusHome(): void {
  const { activeElement, body } = document;
  if (activeElement !== null && activeElement !== body) return;
  const home = document.querySelector<HTMLElement>("main");
  if (!home) return;
  if (!home.hasAttribute("tabindex")) home.tabIndex = -1;
  home.focus({ preventScroll: true });
}
