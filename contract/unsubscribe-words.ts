/** The languages in which people who get messages are spoken to. The first is used where nothing is known of theirs. */
export const recipientLanguages = ["en", "es", "fr", "de", "el"] as const;
export type RecipientLanguage = (typeof recipientLanguages)[number];

/** What stands below an e-mail, and on the page behind its link. `{sender}` is the name of the workspace, `{address}` a masked address. */
export interface UnsubscribeWords {
  /** The link below an e-mail. */
  link: string;
  title: string;
  question: string;
  button: string;
  doneTitle: string;
  done: string;
  choices: string;
  email: string;
  sms: string;
  /** How SMS that were stopped come back: only from the phone itself. */
  smsBack: string;
  save: string;
  savedTitle: string;
  saved: string;
  /** The address is closed for another reason than a click here. */
  locked: string;
  brokenTitle: string;
  broken: string;
  sampleTitle: string;
  sample: string;
}

export const unsubscribeWords: Record<RecipientLanguage, UnsubscribeWords> = {
  en: {
    link: "Unsubscribe",
    title: "Unsubscribe",
    question: "Do you want no more marketing e-mails from {sender} at {address}?",
    button: "Unsubscribe",
    doneTitle: "You are unsubscribed",
    done: "{sender} sends no more marketing e-mails to {address}.",
    choices: "What you want to get from {sender}",
    email: "Marketing e-mails to {address}",
    sms: "Text messages (SMS)",
    smsBack: "To get text messages again, answer START to one of them.",
    save: "Save",
    savedTitle: "Saved",
    saved: "Your choice holds from now on.",
    locked: "This address gets no e-mails from {sender}. To change that, please write to them.",
    brokenTitle: "This link is not complete",
    broken: "Please open it again from the e-mail, or answer the e-mail and ask for no more messages.",
    sampleTitle: "This is the link of a preview",
    sample: "In an e-mail that is sent, it leads to the page on which its recipient unsubscribes. Here it changes nothing.",
  },
  es: {
    link: "Darse de baja",
    title: "Darse de baja",
    question: "¿No desea recibir más correos publicitarios de {sender} en {address}?",
    button: "Darme de baja",
    doneTitle: "Se ha dado de baja",
    done: "{sender} no enviará más correos publicitarios a {address}.",
    choices: "Lo que desea recibir de {sender}",
    email: "Correos publicitarios a {address}",
    sms: "Mensajes de texto (SMS)",
    smsBack: "Para volver a recibir mensajes de texto, responda START a uno de ellos.",
    save: "Guardar",
    savedTitle: "Guardado",
    saved: "Su elección vale desde ahora.",
    locked: "Esta dirección no recibe correos de {sender}. Para cambiarlo, escríbales.",
    brokenTitle: "Este enlace no está completo",
    broken: "Ábralo de nuevo desde el correo, o responda al correo y pida no recibir más mensajes.",
    sampleTitle: "Este es el enlace de una vista previa",
    sample: "En un correo enviado lleva a la página en la que su destinatario se da de baja. Aquí no cambia nada.",
  },
  fr: {
    link: "Se désabonner",
    title: "Se désabonner",
    question: "Ne plus recevoir d’e-mails publicitaires de {sender} à l’adresse {address} ?",
    button: "Me désabonner",
    doneTitle: "Vous êtes désabonné",
    done: "{sender} n’enverra plus d’e-mails publicitaires à {address}.",
    choices: "Ce que vous souhaitez recevoir de {sender}",
    email: "E-mails publicitaires à {address}",
    sms: "SMS",
    smsBack: "Pour recevoir à nouveau des SMS, répondez START à l’un d’eux.",
    save: "Enregistrer",
    savedTitle: "Enregistré",
    saved: "Votre choix est valable dès maintenant.",
    locked: "Cette adresse ne reçoit pas d’e-mails de {sender}. Pour changer cela, écrivez-leur.",
    brokenTitle: "Ce lien n’est pas complet",
    broken: "Ouvrez-le à nouveau depuis l’e-mail, ou répondez à l’e-mail en demandant à ne plus rien recevoir.",
    sampleTitle: "Ceci est le lien d’un aperçu",
    sample: "Dans un e-mail envoyé, il mène à la page où son destinataire se désabonne. Ici, il ne change rien.",
  },
  de: {
    link: "Abmelden",
    title: "Abmelden",
    question: "Möchten Sie keine Werbe-E-Mails von {sender} mehr an {address}?",
    button: "Abmelden",
    doneTitle: "Sie sind abgemeldet",
    done: "{sender} schickt keine Werbe-E-Mails mehr an {address}.",
    choices: "Was Sie von {sender} erhalten möchten",
    email: "Werbe-E-Mails an {address}",
    sms: "Textnachrichten (SMS)",
    smsBack: "Um wieder SMS zu erhalten, antworten Sie auf eine davon mit START.",
    save: "Speichern",
    savedTitle: "Gespeichert",
    saved: "Ihre Wahl gilt ab jetzt.",
    locked: "Diese Adresse erhält keine E-Mails von {sender}. Wenn Sie das ändern möchten, schreiben Sie bitte dorthin.",
    brokenTitle: "Dieser Link ist nicht vollständig",
    broken: "Bitte öffnen Sie ihn noch einmal aus der E-Mail, oder antworten Sie auf die E-Mail, dass Sie keine mehr möchten.",
    sampleTitle: "Das ist der Link einer Vorschau",
    sample: "In einer verschickten E-Mail führt er zu der Seite, auf der man sich abmeldet. Hier ändert er nichts.",
  },
  el: {
    link: "Διαγραφή από τη λίστα",
    title: "Διαγραφή από τη λίστα",
    question: "Δεν θέλετε άλλα διαφημιστικά e-mail από {sender} στη διεύθυνση {address};",
    button: "Διαγραφή",
    doneTitle: "Διαγραφήκατε",
    done: "Ο αποστολέας {sender} δεν θα στείλει άλλα διαφημιστικά e-mail στη διεύθυνση {address}.",
    choices: "Τι θέλετε να λαμβάνετε από {sender}",
    email: "Διαφημιστικά e-mail στη διεύθυνση {address}",
    sms: "Μηνύματα κειμένου (SMS)",
    smsBack: "Για να λαμβάνετε ξανά SMS, απαντήστε START σε ένα από αυτά.",
    save: "Αποθήκευση",
    savedTitle: "Αποθηκεύτηκε",
    saved: "Η επιλογή σας ισχύει από τώρα.",
    locked: "Αυτή η διεύθυνση δεν λαμβάνει e-mail από {sender}. Για να το αλλάξετε, γράψτε στον αποστολέα.",
    brokenTitle: "Ο σύνδεσμος δεν είναι πλήρης",
    broken: "Ανοίξτε τον ξανά από το e-mail ή απαντήστε στο e-mail ότι δεν θέλετε άλλα μηνύματα.",
    sampleTitle: "Αυτός είναι ο σύνδεσμος μιας προεπισκόπησης",
    sample: "Σε ένα e-mail που στάλθηκε οδηγεί στη σελίδα όπου ο παραλήπτης διαγράφεται. Εδώ δεν αλλάζει τίποτα.",
  },
};

/** The language of a tag such as "de-AT"; undefined for one that is not spoken here. */
export function recipientLanguage(tag: unknown): RecipientLanguage | undefined {
  if (typeof tag !== "string") return undefined;
  const text = tag.trim().toLowerCase();
  const names: Record<string, RecipientLanguage> = {
    ...{ english: "en", spanish: "es", español: "es", french: "fr", français: "fr" },
    ...{ german: "de", deutsch: "de", greek: "el", ελληνικά: "el" },
  };
  const short = text.split(/[-_]/)[0] ?? "";
  return names[text] ?? recipientLanguages.find((language) => language === short);
}

/** The custom fields of a contact in which its language is looked for. */
const languageFields = ["language", "Language", "lang", "locale", "Locale", "preferred_language", "Preferred Language"] as const;

/** The language of a contact by its custom fields; undefined where they do not tell. */
export const languageOfContact = (metadata: Readonly<Record<string, unknown>>): RecipientLanguage | undefined =>
  languageFields.map((name) => (Object.hasOwn(metadata, name) ? recipientLanguage(metadata[name]) : undefined)).find((found) => found);
