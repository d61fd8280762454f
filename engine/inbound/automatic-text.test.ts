import { expect, test } from "vitest";
import { isAutomaticText } from "./automatic-text.ts";

test.each([
  ...[
    "Auto-reply: back at 5",
    "Automatic response",
    "[Auto Reply] I am away",
    "I’m driving with Do Not Disturb turned on.",
    "I'm driving right now",
  ],
  ...[
    "(I'm not receiving notifications. If this is urgent, reply “urgent”)",
    "This is an automated message",
    "I'm out of the office until Monday",
  ],
  ...[
    "Automatische Antwort: bin im Urlaub",
    "Ich fahre gerade mit dem Fokus „Fahren“",
    "Réponse automatique : absent",
    "REPONSE AUTOMATIQUE",
  ],
  ...[
    "Respuesta automática",
    "Estoy conduciendo con el modo de concentración activado",
    "Risposta automatica: sono in ferie",
    "Resposta automática",
  ],
  ...[
    "Automatisch antwoord",
    "Automatiskt svar: på semester",
    "Autosvar: ferie",
    "Automatyczna odpowiedź",
    "Automatikus válasz",
    "Automaattinen vastaus",
  ],
  ...[
    "Автоответ: я в отпуске",
    "Автоматический ответ",
    "Автоматична відповідь",
    "Αυτόματη απάντηση",
    "Otomatik yanıt",
    "自動返信メール",
    "自动回复：您好",
    "자동 회신: 부재중",
  ],
])("%j is one that a phone or a program sends by itself", (text) => expect(isAutomaticText(text)).toBe(true));

test.each([
  ...[
    "I'm driving to you, there at 5",
    "automatic gear or manual?",
    "Autosvarare?",
    "Estoy conduciendo, te llamo luego",
    "Je conduis demain",
  ],
  ...["Antwort: ja", "Reply: yes", "自動車", "auto", ""],
])("%j is of a person", (text) => expect(isAutomaticText(text)).toBe(false));
