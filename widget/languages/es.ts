// What the widget says in Spanish.
import type { Language } from '../messages.ts'

const stillInstalled = 'La aplicación sigue instalada en GitHub hasta que la quites allí.'
const moment = 'Será solo un momento.'
const longer = 'Está tardando más de lo habitual.'
const reconnect = 'Vuelve a conectar GitHub.'
const again = 'Empieza de nuevo.'
const byItself = 'Continúa automáticamente.'
const soon = 'Inténtalo de nuevo en un momento.'
const thenTry = 'Después, inténtalo de nuevo.'
const support = 'Ponte en contacto con el soporte de este sitio.'

export const es: Language = {
  tag: 'es',
  dir: 'ltr',
  messages: {
    label: 'Conexión con GitHub',
    loading: 'Cargando…',
    connect: 'Conectar GitHub',
    notConnected: {
      title: 'Conecta tu organización de GitHub',
      next: 'Tú eliges qué repositorios compartir.',
    },
    stillInstalled,
    view_only: 'Solo puede cambiarlo un administrador de tu organización.',
    opening: { title: 'Abriendo GitHub…', next: moment },
    openingLong: longer,
    waiting: { title: 'Continúa en GitHub', next: 'Elige allí qué quieres compartir.' },
    waitingLong: '¿La aplicación ya está instalada? Pulsa «Save» en GitHub o empieza de nuevo.',
    popupBlocked: 'Tu navegador ha bloqueado la ventana.',
    openAgain: 'Abrir GitHub otra vez',
    continueHere: 'Continuar en esta pestaña',
    startOver: 'Empezar de nuevo',
    cancel: 'Cancelar',
    authorizing: {
      title: 'Un paso más en GitHub',
      next: 'Confirma allí quién eres.',
    },
    continueOnGitHub: 'Continuar en GitHub',
    returned: { title: 'De vuelta de GitHub', next: 'Comprobando que sigues siendo tú.' },
    binding: { title: 'Terminando la conexión…', next: moment },
    finishingLong: `${longer} Puedes salir de la página.`,
    connected: 'GitHub está conectado',
    connectedTo: 'Conectado con {account}',
    Organization: 'Organización',
    User: 'Cuenta personal',
    since: 'desde el {date}',
    manage: 'Gestionar en GitHub',
    newWindow: 'abre una ventana nueva',
    disconnect: 'Desconectar',
    confirm: { title: '¿Desconectar GitHub?', next: stillInstalled },
    keep: 'Mantener conectado',
    awaiting_approval: {
      title: 'A la espera de que un propietario lo apruebe',
      next: 'Envía este mensaje a un propietario:',
    },
    approval:
      'Aprueba, por favor, la GitHub App que he solicitado, en los ajustes de nuestra organización en GitHub, en «GitHub Apps». Después abre {page} y pulsa «Conectar GitHub».',
    copy: 'Copiar el mensaje',
    copied: 'Copiado',
    copyByHand: 'Copia tú el texto',
    checkAgain: 'Comprobar otra vez',
    notApproved: 'Comprobado: aún no está aprobado.',
    tryAgain: 'Intentar de nuevo',
    framed: {
      title: 'Abre esta página en una pestaña propia',
      next: 'Dentro de otro sitio, tu navegador no mantiene tu sesión.',
    },
    openInTab: 'Abrir en una pestaña nueva',
    reconnect: 'Volver a conectar',
    uninstalled: { title: 'La aplicación se ha quitado de GitHub', next: reconnect },
    suspended: {
      title: 'La aplicación está suspendida en GitHub',
      next: 'Reactívala allí o vuelve a conectar GitHub.',
    },
    detached: { title: 'GitHub ya no está conectado', next: reconnect },
    unusable: { title: 'La conexión con GitHub ya no funciona', next: reconnect },
    conflict: {
      title: 'GitHub ya está conectado',
      next: `Otro cliente de este sitio usa la única conexión. ${support}`,
    },
    support: 'Código:',

    internal: { title: 'Algo ha ido mal', next: soon },
    rate_limited: { title: 'Demasiados intentos', next: soon },
    unreachable: { title: 'Ahora no se puede acceder al servicio', next: byItself },
    offline: { title: 'Parece que no tienes conexión', next: byItself },
    upstream_refused: { title: 'Ahora no se puede conectar GitHub', next: support },
    kill_switch: { title: 'La conexión está desactivada', next: 'Inténtalo más tarde.' },
    session_required: { title: 'Inicia sesión', next: thenTry },
    session_mismatch: { title: 'Mientras tanto, otra persona ha iniciado sesión', next: again },
    flow_expired: { title: 'Ha tardado demasiado', next: again },
    forbidden: {
      title: 'No puedes conectar GitHub',
      next: 'Pídeselo a un administrador de tu organización.',
    },
    not_connected: { title: 'GitHub no está conectado', next: 'Conéctalo.' },
    installation_not_found: {
      title: 'La aplicación no está instalada allí',
      next: 'Instálala al menos en un repositorio.',
    },
    installation_unusable: {
      title: 'La aplicación está suspendida o se ha quitado de GitHub',
      next: again,
    },
    already_bound: {
      title: 'Ya hay otra cuenta de GitHub conectada',
      next: `Primero hay que desvincularla en Layers. ${support}`,
    },
    installation_in_use: {
      title: 'Esta cuenta de GitHub ya está conectada en otro lugar',
      next: `Elige otra cuenta. ${support}`,
    },
    account_mismatch: { title: 'Aquí se espera otra cuenta de GitHub', next: 'Elige esa cuenta.' },
    ownership_not_proved: {
      title: 'Solo un propietario puede conectar esta cuenta',
      next: 'Pídeselo a un propietario o elige una cuenta que sea tuya.',
    },
    ownership_declined: { title: 'No has confirmado quién eres', next: again },
    ownership_sign_on: {
      title: 'Inicia sesión en tu organización de GitHub (SSO)',
      next: thenTry,
    },
  },
  repositories: {
    title: 'Repositorios',
    count: { one: '{count} repositorio', other: '{count} repositorios' },
    none: 'Aún no hay repositorios',
    choose: 'Elige alguno en GitHub.',
    failed: 'No se pudieron cargar los repositorios',
    search: 'Buscar repositorios',
    noMatch: 'Ninguno se llama así.',
    private: 'Privado',
    more: 'Mostrar más',
  },
}
