import userEvent, { type UserEvent } from "@testing-library/user-event";

/**
 * Somebody who begins to write into a dialog only when it has come to rest. A dialog that opens moves the focus within its first two frames,
 * and the menu from which it was opened gives it back in one of them; on a busy machine that is in the middle of the first word.
 */
export function steadyUser(): UserEvent {
  const user = userEvent.setup({ delay: null });
  return {
    ...user,
    async type(element, text, options) {
      if (element.closest("[role=dialog]") === null || options?.skipClick) return user.type(element, text, options);
      await user.click(element);
      await nextFrame();
      await nextFrame();
      if (document.activeElement !== element) await user.click(element);
      await user.type(element, text, { ...options, skipClick: true });
    },
  };
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
