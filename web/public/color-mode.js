// Runs before the first paint (a plain blocking script): the page must not flash in the wrong colours.
// The same rule as ui/color-mode.tsx, which takes over from here.
(() => {
  let wish = null;
  try {
    wish = localStorage.getItem("sluice.color-mode");
  } catch {
    // No storage: the system decides.
  }
  const dark = wish === "dark" || (wish !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.add(dark ? "dark" : "light");
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
})();
