import { expect, it } from "vitest";
import { hasForeignPictures } from "./foreign-pictures.ts";

it.each([
  '<img src="https://cdn.example/a.png">',
  "<img src=//cdn.example/a.png>",
  '<img srcset="https://cdn.example/a.png 2x">',
  '<table background="http://cdn.example/a.png"><tr><td>x</td></tr></table>',
  "<p style=\"background:url( 'https://cdn.example/a.png')\">x</p>",
  '<body background="https://cdn.example/a.png"><p>x</p></body>',
  "<style>p{background-image:url(//cdn.example/a.png)}</style><p>x</p>",
])("a picture from elsewhere is seen in %s", (html) => expect(hasForeignPictures(html)).toBe(true));

it.each([
  "<p>https://cdn.example/a.png</p>",
  '<a href="https://cdn.example/a.png">x</a>',
  '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
  `<img src="${location.origin}/icon.svg"><img src="/icon.svg">`,
  '<img src="cid:logo"><img alt="none">',
])("no picture from elsewhere is seen in %s", (html) => expect(hasForeignPictures(html)).toBe(false));
