import type { errors as english } from '../en/errors.ts'
import type { Words } from '../en.ts'

/** Was schiefging, nach Code; was hier fehlt, sagt der Server genauer. */
export const errors: Words<typeof english> = {
  errors: {
    unknown: 'Auf dieser Seite ist etwas schiefgegangen. Laden Sie sie neu und versuchen Sie es noch einmal.',
    network: 'Der Server ist nicht erreichbar. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
    unreadable:
      'Die Antwort des Servers ist nicht lesbar. Laden Sie die Seite neu; sie gehört vielleicht zu einer älteren Version.',
    wait_one: 'Zu viele Versuche. Versuchen Sie es in {{count}} Sekunde noch einmal.',
    wait_other: 'Zu viele Versuche. Versuchen Sie es in {{count}} Sekunden noch einmal.',
    request: {
      invalid: 'Etwas von dem, was eingegeben wurde, kann nicht angenommen werden.',
      too_slow: 'Die Verbindung war zu langsam. Versuchen Sie es noch einmal.',
      not_found: 'Der Server kennt diesen Aufruf nicht. Laden Sie die Seite neu; sie gehört vielleicht zu einer älteren Version.',
      too_many: 'Zu viele Versuche. Warten Sie einen Moment und versuchen Sie es noch einmal.',
      in_doubt:
        'Es ist nicht sicher, ob der letzte Versuch gewirkt hat. Sehen Sie zuerst nach, dann versuchen Sie es noch einmal.',
    },
    auth: {
      required: 'Sie sind nicht mehr angemeldet.',
      wrong_login: 'Die E-Mail oder das Passwort ist falsch.',
      wrong_code: 'Der Code ist falsch oder nicht mehr gültig. Nehmen Sie einen frischen.',
      two_factor_on: 'Der zweite Faktor ist schon eingeschaltet.',
      two_factor_off: 'Der zweite Faktor ist nicht eingeschaltet.',
      wrong_password: 'Das Passwort ist falsch.',
      weak_password: 'Verwenden Sie 10 bis 128 Zeichen.',
      email_taken: 'Mit dieser E-Mail gibt es schon ein Konto. Melden Sie sich an oder setzen Sie ein neues Passwort.',
      email_unverified:
        'Die E-Mail-Adresse ist noch nicht bestätigt. Öffnen Sie den Link in der Mail, die gerade noch einmal gesendet wurde.',
      bad_token: 'Der Link ist nicht gültig oder zu alt. Fordern Sie einen neuen an.',
      signup_closed: 'Registrierung nur mit Einladung. Bitten Sie ein Mitglied darum.',
      fresh_needed: 'Melden Sie sich ab und wieder an, und wiederholen Sie dies innerhalb von fünf Minuten.',
    },
    role: {
      too_small: 'Ihre Rolle erlaubt das nicht. Fragen Sie einen Admin des Arbeitsbereichs.',
      too_high: 'Sie können keine Rolle vergeben, die höher ist als Ihre.',
    },
    workspace: {
      none: 'Sie sind in keinem Arbeitsbereich Mitglied.',
      not_found: 'Diesen Arbeitsbereich gibt es nicht mehr, oder Sie sind kein Mitglied mehr.',
      creation_closed: 'Nur der Inhaber dieser Installation kann Arbeitsbereiche anlegen.',
    },
    member: {
      not_found: 'Diese Person ist kein Mitglied mehr.',
      exists: 'Diese Person ist schon Mitglied. Ändern Sie die Rolle in der Liste.',
      last_owner: 'Ein Arbeitsbereich braucht einen Inhaber. Machen Sie zuerst jemand anderen dazu.',
    },
    invitation: {
      not_found: 'Diese Einladung ist zu Ende. Bitten Sie um eine neue.',
      other_email: 'Die Einladung gilt für eine andere E-Mail-Adresse.',
    },
    key: { not_found: 'Diesen Schlüssel gibt es nicht mehr.' },
    session: { not_found: 'Diese Sitzung ist schon zu Ende.' },
    account: {
      sole_owner:
        'Sie sind der einzige Inhaber eines Arbeitsbereichs mit anderen Mitgliedern. Machen Sie zuerst jemand anderen dazu.',
      instance_owner:
        'Ihnen gehört diese Installation, und andere benutzen sie. Übergeben Sie sie zuerst, auf dem Server: promptpilot user make-owner EMAIL.',
    },
    credential: {
      not_found: 'Diese Zugangsdaten gibt es nicht mehr.',
      unreadable: 'Diese Zugangsdaten lassen sich nicht entschlüsseln. Fragen Sie, wer den Server betreibt.',
    },
    file: { not_found: 'Diese Datei gibt es nicht mehr.', missing: 'Es wurde keine Datei gesendet.' },
    form: {
      not_found: 'Diese Seite gibt es nicht mehr.',
      locked: 'Das Passwort wurde vor zu langer Zeit gezeigt. Laden Sie die Seite neu und geben Sie es noch einmal ein.',
      wrong_password: 'Das Passwort ist falsch.',
      no_files: 'Hier können keine Dateien gesendet werden.',
    },
    approval: {
      not_found: 'Diese Frage gibt es nicht mehr.',
      decided: 'Es ist schon entschieden. Die Ausführung zeigt, was daraus wurde.',
      not_yours: 'Jemand anderes wurde gefragt. Wenden Sie sich an die Genannten oder an einen Admin.',
      bad_fields: 'Die Antwort ist nicht vollständig. Sehen Sie sich die markierten Felder an.',
    },
    workflow: {
      not_found: 'Diesen Workflow gibt es nicht mehr.',
      stale: 'Jemand hat ihn inzwischen geändert. Sehen Sie ihn sich noch einmal an.',
      invalid: 'Etwas darin muss behoben werden, bevor er live sein kann. Öffnen Sie ihn, dann sehen Sie es.',
      archived: 'Er ist archiviert. Holen Sie ihn zuerst zurück.',
      not_published: 'Er wurde nie veröffentlicht.',
    },
    folder: {
      not_found: 'Diesen Ordner gibt es nicht mehr.',
      too_deep: 'Ordner stehen höchstens acht tief ineinander.',
      in_itself: 'Ein Ordner kann nicht in sich selbst stehen.',
    },
    version: { not_found: 'Diese Version gibt es nicht mehr.' },
    ai: {
      busy: 'Das Modell hat zu viel zu tun. Versuchen Sie es gleich noch einmal.',
      too_slow: 'Das Modell hat zu lange gebraucht. Sagen Sie weniger auf einmal oder wählen Sie ein anderes.',
      no_workflow: 'Das Modell hat daraus keinen Workflow gemacht. Sagen Sie es anders.',
    },
    execution: {
      quota: 'Von diesem Arbeitsbereich läuft gerade zu viel. Versuchen Sie es gleich noch einmal.',
      not_found: 'Diese Ausführung gibt es nicht. Vielleicht wurde sie nach der Aufbewahrungszeit entfernt.',
      at_once: 'Sie haben zu viele laufende Ausführungen. Warten Sie, bis eine davon zu Ende ist.',
      bad_input: 'Etwas von dem, was eingegeben wurde, passt nicht.',
      backlog: 'Gerade ist zu viel zu tun. Versuchen Sie es in einigen Sekunden noch einmal.',
    },
    mail: { not_sent: 'Die Mail konnte nicht gesendet werden. Das Protokoll des Servers sagt, warum.' },
    storage: { full: 'Auf der Platte des Servers ist kein Platz mehr.' },
    server: {
      stopping: 'Der Server startet neu. Versuchen Sie es in ein paar Sekunden noch einmal.',
      busy: 'Der Server hat zu viel zu tun. Versuchen Sie es gleich noch einmal.',
      timeout: 'Der Server hat dafür zu lange gebraucht. Versuchen Sie es noch einmal.',
      fault: 'Auf dem Server ist etwas schiefgegangen. Sein Protokoll sagt, was.',
    },
  },
}
