// What the widget says in German.
import type { Language } from '../messages.ts'

const stillInstalled = 'Die App bleibt auf GitHub installiert, bis Sie sie dort entfernen.'
const moment = 'Das dauert einen Moment.'
const longer = 'Das dauert länger als sonst.'
const reconnect = 'Bitte verbinden Sie GitHub neu.'
const again = 'Bitte beginnen Sie von vorn.'
const byItself = 'Es geht von selbst weiter.'
const soon = 'Bitte versuchen Sie es gleich noch einmal.'
const thenTry = 'Versuchen Sie es danach noch einmal.'
const support = 'Bitte wenden Sie sich an den Support dieser Website.'

export const de: Language = {
  tag: 'de',
  dir: 'ltr',
  messages: {
    label: 'GitHub-Verbindung',
    loading: 'Wird geladen…',
    connect: 'GitHub verbinden',
    notConnected: {
      title: 'GitHub-Organisation verbinden',
      next: 'Sie wählen, welche Repositorys Sie freigeben.',
    },
    stillInstalled,
    view_only: 'Ändern kann das nur, wer Administratorrechte hat.',
    opening: { title: 'GitHub wird geöffnet…', next: moment },
    openingLong: longer,
    waiting: { title: 'Auf GitHub geht es weiter', next: 'Wählen Sie dort aus, was Sie freigeben.' },
    waitingLong:
      'Ist die App schon installiert? Dann klicken Sie auf GitHub auf „Save“, oder beginnen Sie von vorn.',
    popupBlocked: 'Ihr Browser hat das Fenster blockiert.',
    openAgain: 'GitHub erneut öffnen',
    continueHere: 'In diesem Tab fortfahren',
    startOver: 'Von vorn beginnen',
    cancel: 'Abbrechen',
    authorizing: {
      title: 'Noch ein Schritt auf GitHub',
      next: 'Bestätigen Sie dort, wer Sie sind.',
    },
    continueOnGitHub: 'Weiter auf GitHub',
    returned: { title: 'Zurück von GitHub', next: 'Wir prüfen, ob Sie es noch sind.' },
    binding: { title: 'Verbindung wird fertiggestellt…', next: moment },
    finishingLong: `${longer} Sie können die Seite verlassen.`,
    connected: 'GitHub ist verbunden',
    connectedTo: 'Mit {account} verbunden',
    Organization: 'Organisation',
    User: 'Persönliches Konto',
    since: 'seit {date}',
    manage: 'Auf GitHub verwalten',
    newWindow: 'öffnet ein neues Fenster',
    disconnect: 'Trennen',
    confirm: { title: 'GitHub trennen?', next: stillInstalled },
    keep: 'Verbunden bleiben',
    awaiting_approval: {
      title: 'Wartet auf die Freigabe eines Owners',
      next: 'Senden Sie einem Owner diese Nachricht:',
    },
    approval:
      'Bitte gib die GitHub App frei, die ich angefragt habe: auf GitHub in den Einstellungen unserer Organisation unter „GitHub Apps“. Öffne dann {page} und klicke auf „GitHub verbinden“.',
    copy: 'Nachricht kopieren',
    copied: 'Kopiert',
    copyByHand: 'Bitte kopieren Sie den Text selbst',
    checkAgain: 'Erneut prüfen',
    notApproved: 'Geprüft: noch nicht freigegeben.',
    tryAgain: 'Erneut versuchen',
    framed: {
      title: 'Bitte öffnen Sie diese Seite in einem eigenen Tab',
      next: 'Innerhalb einer anderen Website meldet Ihr Browser Sie nicht an.',
    },
    openInTab: 'In neuem Tab öffnen',
    reconnect: 'Neu verbinden',
    uninstalled: { title: 'Die App wurde auf GitHub entfernt', next: reconnect },
    suspended: {
      title: 'Die App ist auf GitHub gesperrt',
      next: 'Entsperren Sie sie dort, oder verbinden Sie neu.',
    },
    detached: { title: 'GitHub ist nicht mehr verbunden', next: reconnect },
    unusable: { title: 'Die GitHub-Verbindung funktioniert nicht mehr', next: reconnect },
    conflict: {
      title: 'GitHub ist bereits verbunden',
      next: `Ein anderer Kunde dieser Website nutzt die einzige Verbindung. ${support}`,
    },
    support: 'Code:',

    internal: { title: 'Etwas ist schiefgegangen', next: soon },
    rate_limited: { title: 'Zu viele Versuche', next: soon },
    unreachable: { title: 'Der Dienst ist gerade nicht erreichbar', next: byItself },
    offline: { title: 'Sie sind offline', next: byItself },
    upstream_refused: { title: 'GitHub lässt sich gerade nicht verbinden', next: support },
    kill_switch: {
      title: 'Das Verbinden ist zurzeit abgeschaltet',
      next: 'Bitte versuchen Sie es später noch einmal.',
    },
    session_required: { title: 'Bitte melden Sie sich an', next: thenTry },
    session_mismatch: { title: 'Inzwischen hat sich jemand anderes angemeldet', next: again },
    flow_expired: { title: 'Das hat zu lange gedauert', next: again },
    forbidden: {
      title: 'Sie dürfen GitHub nicht verbinden',
      next: 'Fragen Sie jemanden mit Administratorrechten.',
    },
    not_connected: { title: 'GitHub ist nicht verbunden', next: 'Bitte verbinden Sie GitHub.' },
    installation_not_found: {
      title: 'Die App ist dort nicht installiert',
      next: 'Bitte installieren Sie sie für mindestens ein Repository.',
    },
    installation_unusable: { title: 'Die App ist auf GitHub gesperrt oder entfernt', next: again },
    already_bound: {
      title: 'Ein anderes GitHub-Konto ist bereits verbunden',
      next: `Es muss zuerst bei Layers getrennt werden. ${support}`,
    },
    installation_in_use: {
      title: 'Dieses GitHub-Konto ist bereits anderswo verbunden',
      next: `Wählen Sie ein anderes Konto. ${support}`,
    },
    account_mismatch: {
      title: 'Hier wird ein anderes GitHub-Konto erwartet',
      next: 'Bitte wählen Sie dieses Konto.',
    },
    ownership_not_proved: {
      title: 'Nur ein Owner kann dieses Konto verbinden',
      next: 'Bitten Sie einen Owner darum, oder wählen Sie ein Konto, das Ihnen gehört.',
    },
    ownership_declined: { title: 'Sie haben nicht bestätigt, wer Sie sind', next: again },
    ownership_sign_on: {
      title: 'Bitte melden Sie sich bei Ihrer GitHub-Organisation an (SSO)',
      next: thenTry,
    },
  },
  repositories: {
    title: 'Repositorys',
    count: { one: '{count} Repository', other: '{count} Repositorys' },
    none: 'Noch keine Repositorys',
    choose: 'Wählen Sie auf GitHub welche aus.',
    failed: 'Repositorys konnten nicht geladen werden',
    search: 'Repositorys suchen',
    noMatch: 'Keines heißt so.',
    private: 'Privat',
    more: 'Mehr anzeigen',
  },
}
