import { type Box, type DrawnFlow, drawFlow } from "./draw-flow.ts";

export interface FlowTemplate {
  /** Stable; callers of the API name it. */
  id: string;
  description: string;
  /** What contacts must have for it to work, and what happens to those who lack it. Null where nothing is needed. */
  needs: string | null;
  flow: DrawnFlow;
}

const start: Box = { id: "start", type: "start", label: "Start", config: {} };
const hello = '{{ firstname | default: "there" }}';
const us = '{{ workspace.name | default: "the team" }}';

const welcome = drawFlow(
  "Welcome",
  [
    start,
    {
      id: "sms",
      type: "send_sms",
      label: "Welcome SMS",
      config: { text: `Hi ${hello}, welcome to ${us}! The details follow by e-mail.`, onError: "continue" },
    },
    { id: "wait", type: "delay", label: "Wait 1 minute", config: { mode: "duration", amount: 1, unit: "minutes" } },
    {
      id: "email",
      type: "send_email",
      label: "Welcome e-mail",
      config: {
        subject: `Welcome, ${hello}`,
        text: `Hello ${hello},\n\nthank you for joining us. If you have a question, just reply to this message.\n\n${us}`,
        onError: "continue",
      },
    },
    { id: "end", type: "end", label: "Welcomed", config: { result: "reached" } },
  ],
  ["start→sms", "sms.sent→wait", "wait→email", "email.sent→end"],
);

const followUp = drawFlow(
  "Follow-up",
  [
    start,
    {
      id: "first",
      type: "send_email",
      label: "First e-mail",
      config: {
        subject: `Did you have a look, ${hello}?`,
        text: `Hello ${hello},\n\ndid you have a chance to look at our offer? We are glad to answer your questions.\n\n${us}`,
        onError: "continue",
      },
    },
    { id: "wait", type: "delay", label: "Wait 2 business days", config: { mode: "duration", amount: 2, unit: "business_days" } },
    {
      id: "status",
      type: "condition",
      label: "Already a customer?",
      config: {
        branches: [
          { id: "customer", label: "Customer", match: "all", tests: [{ field: "lead_status", operator: "is", value: "Customer" }] },
        ],
      },
    },
    {
      id: "sms",
      type: "send_sms",
      label: "Question by SMS",
      column: 1,
      config: { text: `Hi ${hello}, this is ${us}. Do you have questions about our offer? We are glad to help.`, onError: "continue" },
    },
    {
      id: "later",
      type: "delay",
      label: "Wait 3 business days",
      column: 1,
      config: { mode: "duration", amount: 3, unit: "business_days" },
    },
    {
      id: "last",
      type: "send_email",
      label: "Last e-mail",
      column: 1,
      config: {
        subject: `Still interested, ${hello}?`,
        text: `Hello ${hello},\n\nour offer stands. Reply to this message whenever it suits you.\n\n${us}`,
        onError: "continue",
      },
    },
    { id: "end", type: "end", label: "Followed up", config: { result: "neutral" } },
  ],
  [
    "start→first",
    "first.sent→wait",
    "wait→status",
    "status.customer→end",
    "status.otherwise→sms",
    "sms.sent→later",
    "later→last",
    "last.sent→end",
  ],
);

/** The custom field that holds the appointment. */
const appointment = "metadata.appointment";
const day = `{{ ${appointment} | date: "cccc, d LLLL" | default: "tomorrow" }}`;

const appointmentReminder = drawFlow(
  "Appointment reminder",
  [
    start,
    {
      id: "wait",
      type: "delay",
      label: "Until 10:00 on the day before",
      note: "The date is the custom field “appointment” of the contact, written as 2026-05-31 or 2026-05-31 14:30. When it is moved, the wait moves along.",
      config: {
        mode: "until_date",
        field: appointment,
        offset: { amount: -1, unit: "days" },
        time: "10:00",
        zone: "contact",
        past: "exit",
      },
    },
    {
      id: "sms",
      type: "send_sms",
      label: "Reminder SMS",
      config: {
        text: `Hi ${hello}, a reminder of your appointment with ${us}: ${day}. Please tell us if you cannot come.`,
        onError: "continue",
      },
    },
    {
      id: "email",
      type: "send_email",
      label: "Reminder e-mail",
      config: {
        subject: `Your appointment: ${day}`,
        text: `Hello ${hello},\n\nwe look forward to seeing you: ${day}. If you cannot come, please reply to this message.\n\n${us}`,
        onError: "continue",
      },
    },
    { id: "end", type: "end", label: "Reminded", config: { result: "reached" } },
    {
      id: "none",
      type: "end",
      label: "No appointment ahead",
      note: "The contact has no date in the field, or the day before it is over. No reminder was sent.",
      column: 1,
      config: { result: "neutral" },
    },
    {
      id: "unreadable",
      type: "end",
      label: "Date cannot be read",
      note: "The field holds something that is no date. No reminder was sent.",
      column: 2,
      config: { result: "not_reached" },
    },
  ],
  ["start→wait", "wait→sms", "wait.past→none", "wait.date_unreadable→unreadable", "sms.sent→email", "email.sent→end"],
);

const reviewRequest = drawFlow(
  "Review request",
  [
    start,
    { id: "wait", type: "delay", label: "Until 10:00 tomorrow", config: { mode: "until_time", time: "10:00", zone: "contact" } },
    {
      id: "sms",
      type: "send_sms",
      label: "Request by SMS",
      note: "Put the address of your page for reviews into the text.",
      config: {
        text: `Hi ${hello}, thank you for your visit. How was it? A short review helps us a lot. ${us}`,
        onError: "continue",
      },
    },
    { id: "later", type: "delay", label: "Wait 4 days", config: { mode: "duration", amount: 4, unit: "days" } },
    {
      id: "email",
      type: "send_email",
      label: "Request by e-mail",
      note: "Put the address of your page for reviews into the text.",
      config: {
        subject: `How was it, ${hello}?`,
        text: `Hello ${hello},\n\nthank you for your visit. If you have a minute, please tell others how it was. If something was not right, just reply to this message.\n\n${us}`,
        onError: "continue",
      },
    },
    { id: "end", type: "end", label: "Asked", config: { result: "neutral" } },
  ],
  ["start→wait", "wait→sms", "sms.sent→later", "later→email", "email.sent→end"],
);

const winBack = drawFlow(
  "Win-back",
  [
    start,
    {
      id: "first",
      type: "send_email",
      label: "We have not heard from you",
      config: {
        subject: `It has been a while, ${hello}`,
        text: `Hello ${hello},\n\nwe have not heard from you for some time. Is there anything that we can do for you? Just reply to this message.\n\n${us}`,
        onError: "continue",
      },
    },
    {
      id: "back",
      type: "wait_until",
      label: "A customer again, or 7 days",
      config: { tests: [{ field: "lead_status", operator: "is", value: "Customer" }], limitSeconds: 7 * 86_400 },
    },
    {
      id: "sms",
      type: "send_sms",
      label: "Question by SMS",
      column: 1,
      config: {
        text: `Hi ${hello}, this is ${us}. We would be glad to see you again. Can we help you with anything?`,
        onError: "continue",
      },
    },
    { id: "won", type: "end", label: "Came back", config: { result: "reached" } },
    { id: "end", type: "end", label: "Asked twice", column: 1, config: { result: "neutral" } },
  ],
  ["start→first", "first.sent→back", "back.met→won", "back.time_over→sms", "sms.sent→end"],
);

/** The custom field that holds the date of birth. */
const birthdayField = "metadata.birthday";

const birthday = drawFlow(
  "Birthday",
  [
    start,
    {
      id: "wait",
      type: "delay",
      label: "Until 9:00 on the birthday",
      note: "The date is the custom field “birthday” of the contact, written as 1980-02-03. The next birthday counts, whatever the year.",
      config: { mode: "until_date", field: birthdayField, time: "09:00", zone: "contact", yearly: true, past: "exit" },
    },
    {
      id: "sms",
      type: "send_sms",
      label: "Birthday SMS",
      config: { text: `Happy birthday, ${hello}! All the best from ${us}.`, onError: "continue" },
    },
    {
      id: "email",
      type: "send_email",
      label: "Birthday e-mail",
      config: {
        subject: `Happy birthday, ${hello}!`,
        text: `Hello ${hello},\n\nall the best on your birthday.\n\n${us}`,
        onError: "continue",
      },
    },
    { id: "end", type: "end", label: "Congratulated", config: { result: "reached" } },
    {
      id: "none",
      type: "end",
      label: "No birthday known",
      note: "The contact has no date in the field. Nothing was sent.",
      column: 1,
      config: { result: "neutral" },
    },
    {
      id: "unreadable",
      type: "end",
      label: "Date cannot be read",
      note: "The field holds something that is no date. Nothing was sent.",
      column: 2,
      config: { result: "not_reached" },
    },
  ],
  ["start→wait", "wait→sms", "wait.past→none", "wait.date_unreadable→unreadable", "sms.sent→email", "email.sent→end"],
);

/** The flows that a workspace can begin with. Each is copied into the workspace, so a later version of it changes nothing there. */
export const flowTemplates: readonly FlowTemplate[] = [
  {
    id: "welcome",
    description: "An SMS at once and an e-mail a minute later, for people who have just joined.",
    needs: null,
    flow: welcome,
  },
  {
    id: "follow-up",
    description: "An e-mail now, an SMS after two business days and a last e-mail after three more. It ends early for customers.",
    needs: null,
    flow: followUp,
  },
  {
    id: "appointment-reminder",
    description: "An SMS and an e-mail at 10:00 on the day before the appointment.",
    needs:
      "Contacts need the custom field “appointment” with a date such as 2026-05-31. Those without a date ahead get no reminder, and the history says so.",
    flow: appointmentReminder,
  },
  {
    id: "review-request",
    description: "An SMS the next morning and an e-mail four days later, asking people who were with you for a review.",
    needs: null,
    flow: reviewRequest,
  },
  {
    id: "win-back",
    description: "An e-mail to people who have not been heard from, and an SMS after a week unless they are customers again.",
    needs: null,
    flow: winBack,
  },
  {
    id: "birthday",
    description: "An SMS and an e-mail at 9:00 on the next birthday.",
    needs:
      "Contacts need the custom field “birthday” with a date such as 1980-02-03. Those without one get nothing, and the history says so.",
    flow: birthday,
  },
];

export const findFlowTemplate = (id: string): FlowTemplate | undefined => flowTemplates.find((template) => template.id === id);
