/**
 * How what is written looks in mail programs: each tag carries its own style, because most of them keep no sheet of styles. A
 * tag that came with a style of its own, or with none, keeps that.
 */
export const textStyles: Readonly<Record<string, string>> = {
  paragraph: "margin:0 0 16px;line-height:1.5",
  heading: "margin:24px 0 12px;line-height:1.25",
  bulletList: "margin:0 0 16px;padding-left:24px",
  orderedList: "margin:0 0 16px;padding-left:24px",
  listItem: "margin:0 0 4px",
  horizontalRule: "border:0;border-top:1px solid #d0d5dc;margin:24px 0",
  image: "max-width:100%;height:auto;border:0",
};

/** A link that looks like a button. White on this colour can be read by everyone. */
export const buttonStyle =
  "display:inline-block;padding:12px 20px;border-radius:6px;background-color:#0d7282;color:#ffffff;font-weight:600;text-decoration:none";
export const isButton = (style: unknown): boolean => typeof style === "string" && /display:\s*inline-block/.test(style);
