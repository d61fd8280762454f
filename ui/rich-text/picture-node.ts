import { Image } from "@tiptap/extension-image";

/**
 * A picture of the text. The page fetches nothing from elsewhere, so looking at a message tells nobody anything; what is shown
 * is where it stands and what it is called.
 */
export const Picture = Image.extend({
  addAttributes() {
    const written = (name: string) => ({ default: null, parseHTML: (element: HTMLElement) => element.getAttribute(name) });
    return { ...this.parent?.(), border: written("border") };
  },
  addNodeView:
    () =>
    ({ node }) => {
      const dom = document.createElement("span");
      dom.className = "picture";
      dom.setAttribute("role", "img");
      dom.setAttribute("aria-label", `Picture: ${node.attrs.alt || "without a description"}`);
      dom.title = node.attrs.src;
      dom.textContent = `Picture: ${node.attrs.alt || node.attrs.src}`;
      return { dom };
    },
}).configure({ inline: true });
