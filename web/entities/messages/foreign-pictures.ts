/** Names of attributes whose value is the address of a picture. */
const pictureAttributes = ["src", "srcset", "background"];
const inStyles = /url\(\s*["']?\s*(https?:)?\/\//i;

/** Whether an e-mail has pictures that would be fetched from elsewhere than this instance. */
export function hasForeignPictures(html: string): boolean {
  if (inStyles.test(html)) return true;
  const mail = new DOMParser().parseFromString(html, "text/html");
  return [...mail.querySelectorAll(pictureAttributes.map((name) => `[${name}]`).join())].some((element) =>
    pictureAttributes.some((name) => isForeign(element.getAttribute(name)?.trim().split(/\s/)[0])),
  );
}

function isForeign(address: string | undefined): boolean {
  const url = address ? URL.parse(address, location.href) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.origin !== location.origin;
}
