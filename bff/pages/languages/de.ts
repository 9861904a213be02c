// What the pages say in German.
import type { PageTexts } from '../page-texts.ts'

const notSetUp =
  'Die Verbindung ist nicht richtig eingerichtet. Bitte wenden Sie sich an den Support dieser Website.'
const notLikeThis =
  'So lässt sich diese Seite nicht öffnen. Bitte gehen Sie zurück und beginnen Sie von vorn.'
const wentWrong = 'Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal.'
const replaced = 'Ein neuerer Versuch hat diesen ersetzt.'

export const de: PageTexts = {
  tag: 'de',
  dir: 'ltr',

  goBack: 'Zurück',
  tryAgain: 'Erneut versuchen',
  continueOnGitHub: 'Weiter auf GitHub',
  reference: 'Referenz für den Support:',
  closeWindow: 'Sie können dieses Fenster schließen.',
  failed: 'Das hat nicht geklappt',

  opening: { title: 'GitHub wird geöffnet…', text: 'Einen Moment, es geht von selbst weiter.' },
  cannotOpen: 'GitHub ließ sich nicht öffnen. Bitte gehen Sie zurück und versuchen Sie es noch einmal.',
  notOpened: 'GitHub wurde nicht geöffnet',

  notFinished: 'Noch nicht fertig',
  elsewhere: {
    title: 'Sie können dieses Fenster schließen',
    text: 'Auf der Seite, auf der Sie begonnen haben, sehen Sie das Ergebnis.',
  },
  noLongerCounted:
    'Die App ist jetzt vielleicht auf GitHub installiert, aber dieser Versuch galt nicht mehr. Deshalb wurde nichts verbunden. Gehen Sie zurück und verbinden Sie GitHub noch einmal.',
  whoYouAre:
    'Die App ist installiert. Jetzt fragt GitHub, wer Sie sind: Nur ein Owner kann das Konto verbinden, damit niemand ein fremdes verbindet.',

  statuses: {
    starting: { title: 'GitHub wird geöffnet…', text: 'GitHub wird vorbereitet.' },
    waiting: {
      title: 'Auf GitHub geht es weiter',
      text: 'Wählen Sie dort aus, welche Repositorys Sie freigeben.',
    },
    returned: { title: 'Zurück von GitHub', text: 'Wir prüfen, ob Sie es noch sind.' },
    authorizing: { title: 'Noch ein Schritt auf GitHub', text: 'Bestätigen Sie auf GitHub, wer Sie sind.' },
    binding: { title: 'Danke, gleich fertig', text: 'Angekommen. Die Verbindung wird fertiggestellt.' },
    connected: {
      title: 'GitHub ist verbunden',
      text: 'Das sehen Sie auch auf der Seite, auf der Sie begonnen haben.',
    },
    awaiting_approval: {
      title: 'Freigabe angefragt',
      text: 'Ein Owner der GitHub-Organisation muss die Anfrage freigeben.',
    },
    conflict: { title: 'Nicht verbunden', text: 'Ein anderes GitHub-Konto ist bereits verbunden.' },
    refused: { title: 'Nicht verbunden', text: 'Diese Installation konnte nicht verbunden werden.' },
    expired: { title: 'Das hat zu lange gedauert', text: 'Bitte beginnen Sie von vorn.' },
    cancelled: { title: 'Abgebrochen', text: 'Es wurde nichts verbunden.' },
    superseded: { title: 'Durch einen neueren Versuch ersetzt', text: replaced },
    blocked: { title: 'Nicht verbunden', text: notSetUp },
  },

  problemTitles: {
    return_unknown: 'Hier läuft keine Verbindung',
    return_other_browser: 'In einem anderen Browser begonnen',
    return_malformed: 'Die Antwort von GitHub war nicht lesbar',
    missing_installation: 'Keine Installation angegeben',
    state_replayed: 'Schon verwendet',
    rate_limited: 'Zu viele Versuche',
    not_found: 'Hier gibt es nichts',
  },

  errors: {
    invalid_request: notLikeThis,
    session_required: 'Bitte melden Sie sich an und versuchen Sie es noch einmal.',
    forbidden:
      'Sie dürfen GitHub für diese Organisation nicht verbinden. Bitte fragen Sie jemanden mit Administratorrechten.',
    request_not_trusted: notLikeThis,
    not_found: 'Bitte gehen Sie zurück und beginnen Sie von vorn.',
    method_not_allowed: notLikeThis,
    payload_too_large: notLikeThis,
    unsupported_media_type: notLikeThis,
    rate_limited: 'Bitte warten Sie einen Moment und versuchen Sie es dann noch einmal.',
    internal: wentWrong,
    identity_unavailable: 'Wir konnten nicht prüfen, wer Sie sind. Bitte versuchen Sie es noch einmal.',
    storage_unavailable: 'Der Dienst ist ausgelastet. Bitte versuchen Sie es noch einmal.',
    shutting_down: 'Der Dienst startet gerade neu. Bitte versuchen Sie es noch einmal.',
    return_unknown:
      'Diese Seite wurde geöffnet, ohne dass eine Verbindung läuft. Gehen Sie dorthin zurück, wo Sie begonnen haben, und verbinden Sie GitHub von dort.',
    return_other_browser:
      'Die Verbindung wurde in einem anderen Browser begonnen. Machen Sie dort weiter, oder beginnen Sie hier von vorn.',
    return_malformed: 'Bitte beginnen Sie von vorn.',
    state_replayed: 'Diese Antwort von GitHub wurde schon verwendet.',
    missing_installation:
      'GitHub hat nicht mitgeteilt, um welche Installation es geht. Bitte beginnen Sie von vorn.',
    session_mismatch: 'Inzwischen hat sich jemand anderes angemeldet. Bitte beginnen Sie von vorn.',
    flow_expired: 'Das hat zu lange gedauert. Bitte beginnen Sie von vorn.',
    flow_superseded: replaced,
    flow_cancelled: 'Dieser Versuch wurde abgebrochen.',
    installation_not_found:
      'Die App ist dort nicht installiert oder nicht sichtbar. Bitte installieren Sie sie und versuchen Sie es noch einmal.',
    installation_unusable: 'Die App ist installiert, aber auf GitHub gesperrt oder entfernt.',
    already_bound: 'Ein anderes GitHub-Konto ist bereits verbunden. Es muss zuerst getrennt werden.',
    installation_in_use: 'Dieses GitHub-Konto ist bereits anderswo verbunden.',
    account_mismatch:
      'Die App wurde für ein anderes GitHub-Konto installiert als das hier erwartete. Bitte wählen Sie das erwartete Konto.',
    ownership_not_proved:
      'Nur ein Owner kann dieses GitHub-Konto verbinden. Bitten Sie einen Owner darum, oder wählen Sie ein Konto, das Ihnen gehört.',
    ownership_declined: 'Sie haben auf GitHub nicht bestätigt, wer Sie sind. Deshalb wurde nichts verbunden.',
    ownership_unavailable:
      'Wir konnten bei GitHub nicht nachfragen, wem das Konto gehört. Deshalb wurde nichts verbunden. Bitte versuchen Sie es noch einmal.',
    ownership_sign_on:
      'Ihre Organisation verlangt Single Sign-on. Melden Sie sich dafür auf GitHub an und versuchen Sie es dann noch einmal.',
    not_connected: 'GitHub ist nicht verbunden oder muss neu verbunden werden.',
    partner_key_refused: notSetUp,
    scope_missing: notSetUp,
    return_url_not_allowed: notSetUp,
    organization_unknown: notSetUp,
    install_url_refused: notSetUp,
    ownership_misconfigured: notSetUp,
    kill_switch: 'Das Verbinden ist zurzeit abgeschaltet. Bitte versuchen Sie es später noch einmal.',
    upstream_refused: notSetUp,
    upstream_invalid: wentWrong,
    upstream_rate_limited: 'Der Dienst ist ausgelastet. Bitte versuchen Sie es gleich noch einmal.',
    upstream_unavailable: 'Der Dienst ist nicht erreichbar. Bitte versuchen Sie es noch einmal.',
  },
}
