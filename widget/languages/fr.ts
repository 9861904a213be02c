// What the widget says in French. Before a colon, a question mark and inside guillemets stand spaces that do not break.
import type { Language } from '../messages.ts'

const stillInstalled = 'L’application reste installée sur GitHub tant que vous ne l’y supprimez pas.'
const moment = 'Cela prend un instant.'
const longer = 'Cela prend plus de temps que d’habitude.'
const reconnect = 'Veuillez reconnecter GitHub.'
const again = 'Veuillez recommencer.'
const byItself = 'La suite est automatique.'
const soon = 'Veuillez réessayer dans un instant.'
const thenTry = 'Réessayez ensuite.'
const support = 'Veuillez contacter le support de ce site.'

export const fr: Language = {
  tag: 'fr',
  dir: 'ltr',
  messages: {
    label: 'Connexion à GitHub',
    loading: 'Chargement…',
    connect: 'Connecter GitHub',
    notConnected: {
      title: 'Connectez votre organisation GitHub',
      next: 'Vous choisissez les dépôts à partager.',
    },
    stillInstalled,
    view_only: 'Seul un administrateur de votre organisation peut modifier ceci.',
    opening: { title: 'Ouverture de GitHub…', next: moment },
    openingLong: longer,
    waiting: { title: 'La suite se passe sur GitHub', next: 'Choisissez-y ce que vous partagez.' },
    waitingLong:
      'L’application est déjà installée\u202f? Cliquez alors sur «\u202fSave\u202f» sur GitHub, ou recommencez.',
    popupBlocked: 'Votre navigateur a bloqué la fenêtre.',
    openAgain: 'Rouvrir GitHub',
    continueHere: 'Continuer dans cet onglet',
    startOver: 'Recommencer',
    cancel: 'Annuler',
    authorizing: {
      title: 'Encore une étape sur GitHub',
      next: 'Confirmez-y qui vous êtes.',
    },
    continueOnGitHub: 'Continuer sur GitHub',
    returned: { title: 'De retour de GitHub', next: 'Nous vérifions que c’est toujours vous.' },
    binding: { title: 'Finalisation de la connexion…', next: moment },
    finishingLong: `${longer} Vous pouvez quitter la page.`,
    connected: 'GitHub est connecté',
    connectedTo: 'Connecté à {account}',
    Organization: 'Organisation',
    User: 'Compte personnel',
    since: 'depuis le {date}',
    manage: 'Gérer sur GitHub',
    newWindow: 'ouvre une nouvelle fenêtre',
    disconnect: 'Déconnecter',
    confirm: { title: 'Déconnecter GitHub\u202f?', next: stillInstalled },
    keep: 'Rester connecté',
    awaiting_approval: {
      title: 'En attente de l’approbation d’un propriétaire',
      next: 'Envoyez ce message à un propriétaire\u00a0:',
    },
    approval:
      'Merci d’approuver la GitHub App que j’ai demandée, dans les paramètres de notre organisation sur GitHub, sous «\u202fGitHub Apps\u202f». Ouvrez ensuite {page} et cliquez sur «\u202fConnecter GitHub\u202f».',
    copy: 'Copier le message',
    copied: 'Copié',
    copyByHand: 'Veuillez copier le texte vous-même',
    checkAgain: 'Vérifier à nouveau',
    notApproved: 'Vérifié\u00a0: pas encore approuvé.',
    tryAgain: 'Réessayer',
    framed: {
      title: 'Veuillez ouvrir cette page dans son propre onglet',
      next: 'À l’intérieur d’un autre site, votre navigateur ne vous identifie pas.',
    },
    openInTab: 'Ouvrir dans un nouvel onglet',
    reconnect: 'Reconnecter',
    uninstalled: { title: 'L’application a été supprimée de GitHub', next: reconnect },
    suspended: {
      title: 'L’application est suspendue sur GitHub',
      next: 'Réactivez-la sur GitHub, ou reconnectez GitHub.',
    },
    detached: { title: 'GitHub n’est plus connecté', next: reconnect },
    unusable: { title: 'La connexion à GitHub ne fonctionne plus', next: reconnect },
    conflict: {
      title: 'GitHub est déjà connecté',
      next: `Un autre client de ce site utilise l’unique connexion. ${support}`,
    },
    support: 'Code\u00a0:',

    internal: { title: 'Une erreur s’est produite', next: soon },
    rate_limited: { title: 'Trop de tentatives', next: soon },
    unreachable: { title: 'Le service est injoignable pour le moment', next: byItself },
    offline: { title: 'Vous semblez être hors ligne', next: byItself },
    upstream_refused: { title: 'GitHub ne peut pas être connecté pour le moment', next: support },
    kill_switch: { title: 'La connexion est désactivée', next: 'Veuillez réessayer plus tard.' },
    session_required: { title: 'Veuillez vous identifier', next: thenTry },
    session_mismatch: { title: 'Quelqu’un d’autre s’est identifié entre-temps', next: again },
    flow_expired: { title: 'Le délai est dépassé', next: again },
    forbidden: {
      title: 'Vous n’êtes pas autorisé à connecter GitHub',
      next: 'Adressez-vous à un administrateur.',
    },
    not_connected: { title: 'GitHub n’est pas connecté', next: 'Veuillez le connecter.' },
    installation_not_found: {
      title: 'L’application n’y est pas installée',
      next: 'Veuillez l’installer pour au moins un dépôt.',
    },
    installation_unusable: {
      title: 'L’application est suspendue ou supprimée sur GitHub',
      next: again,
    },
    already_bound: {
      title: 'Un autre compte GitHub est déjà connecté',
      next: `Il doit d’abord être détaché chez Layers. ${support}`,
    },
    installation_in_use: {
      title: 'Ce compte GitHub est déjà connecté ailleurs',
      next: `Choisissez un autre compte. ${support}`,
    },
    account_mismatch: {
      title: 'Un autre compte GitHub est attendu ici',
      next: 'Veuillez choisir ce compte-là.',
    },
    ownership_not_proved: {
      title: 'Seul un propriétaire peut connecter ce compte',
      next: 'Demandez à un propriétaire, ou choisissez un compte qui vous appartient.',
    },
    ownership_declined: { title: 'Vous n’avez pas confirmé qui vous êtes', next: again },
    ownership_sign_on: {
      title: 'Veuillez vous identifier auprès de votre organisation GitHub (SSO)',
      next: thenTry,
    },
  },
  repositories: {
    title: 'Dépôts',
    count: { one: '{count} dépôt', other: '{count} dépôts' },
    none: 'Pas encore de dépôt',
    choose: 'Choisissez-en sur GitHub.',
    failed: 'Impossible de charger les dépôts',
    search: 'Rechercher un dépôt',
    noMatch: 'Aucun ne porte ce nom.',
    private: 'Privé',
    more: 'Afficher plus',
  },
}
