import { MyPhone, MyPhoneInput, MyPhoneProof } from "../my-phone.ts";
import { defineRoute, done, member } from "../route.ts";

const tag = "Messages";

export const myPhoneRoutes = {
  getMyPhone: defineRoute({
    method: "GET",
    path: "/api/my-phone",
    tag,
    summary: "The telephone to which text messages are sent that you write",
    auth: member("editor", null),
    response: MyPhone,
  }),
  saveMyPhone: defineRoute({
    waitsOutside: true,
    method: "PUT",
    path: "/api/my-phone",
    tag,
    summary: "Give the number of your telephone; a code is sent to it",
    description:
      "A text message with a code of six digits goes to the number, through the provider in use, where the workspace may write to it. Until the code was " +
      "given, nothing else is sent there. Three codes can be asked for in ten minutes.",
    auth: member("editor", null),
    body: MyPhoneInput,
    response: MyPhone,
    rate: "send",
    audit: "member.phone",
  }),
  proveMyPhone: defineRoute({
    method: "POST",
    path: "/api/my-phone/proof",
    tag,
    summary: "Give the code that came to your telephone",
    description: "A code counts for ten minutes, and no longer once it was given wrongly five times.",
    auth: member("editor", null),
    body: MyPhoneProof,
    response: MyPhone,
    audit: "member.phone_proven",
  }),
  removeMyPhone: defineRoute({
    method: "DELETE",
    path: "/api/my-phone",
    tag,
    summary: "Take the number of your telephone away",
    auth: member("editor", null),
    response: done,
    audit: "member.phone_removed",
  }),
};
