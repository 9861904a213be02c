// What the pages say in French.
import type { PageTexts } from '../page-texts.ts'

const notSetUp = 'La connexion n’est pas configurée correctement. Veuillez contacter le support de ce site.'
const notLikeThis = 'Cette page ne peut pas être ouverte ainsi. Veuillez revenir en arrière et recommencer.'
const wentWrong = 'Une erreur s’est produite de notre côté. Veuillez réessayer.'
const replaced = 'Une tentative plus récente a remplacé celle-ci.'

export const fr: PageTexts = {
  tag: 'fr',
  dir: 'ltr',

  goBack: 'Retour',
  tryAgain: 'Réessayer',
  continueOnGitHub: 'Continuer sur GitHub',
  reference: 'Référence pour le support :',
  closeWindow: 'Vous pouvez fermer cette fenêtre.',
  failed: 'Cela n’a pas fonctionné',

  opening: { title: 'Ouverture de GitHub…', text: 'Un instant, la suite est automatique.' },
  cannotOpen: 'GitHub n’a pas pu être ouvert. Veuillez revenir en arrière et réessayer.',
  notOpened: 'GitHub n’a pas été ouvert',

  notFinished: 'Ce n’est pas encore terminé',
  elsewhere: {
    title: 'Vous pouvez fermer cette fenêtre',
    text: 'Le résultat s’affiche sur la page où vous avez commencé.',
  },
  noLongerCounted:
    'L’application est peut-être installée sur GitHub, mais cette tentative n’était plus valable : rien n’a été connecté. Revenez en arrière et connectez GitHub à nouveau.',
  whoYouAre:
    'L’application est installée. GitHub vous demande maintenant qui vous êtes : seul un propriétaire du compte peut le connecter, pour que personne ne connecte un compte qui n’est pas le sien.',

  statuses: {
    starting: { title: 'Ouverture de GitHub…', text: 'Préparation de GitHub.' },
    waiting: { title: 'La suite se passe sur GitHub', text: 'Choisissez-y les dépôts à partager.' },
    returned: { title: 'De retour de GitHub', text: 'Nous vérifions que c’est toujours vous.' },
    authorizing: { title: 'Encore une étape sur GitHub', text: 'Confirmez sur GitHub qui vous êtes.' },
    binding: { title: 'Merci, c’est presque fini', text: 'Bien reçu. Nous finalisons la connexion.' },
    connected: {
      title: 'GitHub est connecté',
      text: 'La page où vous avez commencé l’indique aussi.',
    },
    awaiting_approval: {
      title: 'Approbation demandée',
      text: 'Un propriétaire de l’organisation GitHub doit approuver la demande.',
    },
    conflict: { title: 'Non connecté', text: 'Un autre compte GitHub est déjà connecté.' },
    refused: { title: 'Non connecté', text: 'Cette installation n’a pas pu être connectée.' },
    expired: { title: 'Le délai est dépassé', text: 'Veuillez recommencer.' },
    cancelled: { title: 'Annulé', text: 'Rien n’a été connecté.' },
    superseded: { title: 'Remplacé par une tentative plus récente', text: replaced },
    blocked: { title: 'Non connecté', text: notSetUp },
  },

  problemTitles: {
    return_unknown: 'Aucune connexion en cours',
    return_other_browser: 'Commencé dans un autre navigateur',
    return_malformed: 'La réponse de GitHub est illisible',
    missing_installation: 'Aucune installation indiquée',
    state_replayed: 'Déjà utilisé',
    rate_limited: 'Trop de tentatives',
    not_found: 'Il n’y a rien ici',
  },

  errors: {
    invalid_request: notLikeThis,
    session_required: 'Veuillez vous identifier, puis réessayer.',
    forbidden:
      'Vous n’êtes pas autorisé à connecter GitHub pour cette organisation. Adressez-vous à un administrateur.',
    request_not_trusted: notLikeThis,
    not_found: 'Veuillez revenir en arrière et recommencer.',
    method_not_allowed: notLikeThis,
    payload_too_large: notLikeThis,
    unsupported_media_type: notLikeThis,
    rate_limited: 'Veuillez patienter un instant, puis réessayer.',
    internal: wentWrong,
    identity_unavailable: 'Nous n’avons pas pu vérifier votre identité. Veuillez réessayer.',
    storage_unavailable: 'Le service est très sollicité. Veuillez réessayer.',
    shutting_down: 'Le service redémarre. Veuillez réessayer.',
    return_unknown:
      'Cette page a été ouverte sans connexion en cours. Revenez à la page où vous avez commencé et connectez GitHub à partir de là.',
    return_other_browser:
      'La connexion a été commencée dans un autre navigateur. Poursuivez dans celui-ci ou recommencez ici.',
    return_malformed: 'Veuillez recommencer.',
    state_replayed: 'Cette réponse de GitHub a déjà été utilisée.',
    missing_installation: 'GitHub n’a pas indiqué de quelle installation il s’agit. Veuillez recommencer.',
    session_mismatch: 'Une autre personne s’est identifiée entre-temps. Veuillez recommencer.',
    flow_expired: 'Le délai est dépassé. Veuillez recommencer.',
    flow_superseded: replaced,
    flow_cancelled: 'Cette tentative a été annulée.',
    installation_not_found:
      'L’application n’y est pas installée, ou n’est pas visible. Veuillez l’installer, puis réessayer.',
    installation_unusable: 'L’application est installée, mais suspendue ou supprimée sur GitHub.',
    already_bound: 'Un autre compte GitHub est déjà connecté. Il faut d’abord le détacher.',
    installation_in_use: 'Ce compte GitHub est déjà connecté ailleurs.',
    account_mismatch:
      'L’application a été installée sur un autre compte GitHub que celui attendu ici. Veuillez choisir le compte attendu.',
    ownership_not_proved:
      'Seul un propriétaire du compte GitHub peut le connecter. Demandez-le à un propriétaire, ou choisissez un compte qui vous appartient.',
    ownership_declined: 'Vous n’avez pas confirmé sur GitHub qui vous êtes : rien n’a été connecté.',
    ownership_unavailable:
      'Nous n’avons pas pu demander à GitHub à qui appartient le compte : rien n’a été connecté. Veuillez réessayer.',
    ownership_sign_on:
      'Votre organisation exige l’authentification unique. Identifiez-vous auprès d’elle sur GitHub, puis réessayez.',
    not_connected: 'GitHub n’est pas connecté, ou doit l’être à nouveau.',
    partner_key_refused: notSetUp,
    scope_missing: notSetUp,
    return_url_not_allowed: notSetUp,
    organization_unknown: notSetUp,
    install_url_refused: notSetUp,
    ownership_misconfigured: notSetUp,
    kill_switch: 'Les connexions sont désactivées pour le moment. Veuillez réessayer plus tard.',
    upstream_refused: notSetUp,
    upstream_invalid: wentWrong,
    upstream_rate_limited: 'Le service est très sollicité. Veuillez réessayer dans un instant.',
    upstream_unavailable: 'Le service est injoignable. Veuillez réessayer.',
  },
}
