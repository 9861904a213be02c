// What the pages say in Spanish.
import type { PageTexts } from '../page-texts.ts'

const notSetUp = 'La conexión no está bien configurada. Ponte en contacto con el soporte de este sitio.'
const notLikeThis = 'Esta página no se puede abrir así. Vuelve atrás y empieza de nuevo.'
const wentWrong = 'Algo ha fallado por nuestra parte. Inténtalo de nuevo.'
const replaced = 'Un intento más reciente ha sustituido a este.'

export const es: PageTexts = {
  tag: 'es',
  dir: 'ltr',

  goBack: 'Volver',
  tryAgain: 'Intentar de nuevo',
  continueOnGitHub: 'Continuar en GitHub',
  reference: 'Referencia para el soporte:',
  closeWindow: 'Puedes cerrar esta ventana.',
  failed: 'No ha funcionado',

  opening: { title: 'Abriendo GitHub…', text: 'Un momento, continúa automáticamente.' },
  cannotOpen: 'No se ha podido abrir GitHub. Vuelve atrás e inténtalo de nuevo.',
  notOpened: 'GitHub no se ha abierto',

  notFinished: 'Todavía no ha terminado',
  elsewhere: {
    title: 'Puedes cerrar esta ventana',
    text: 'La página en la que empezaste muestra el resultado.',
  },
  noLongerCounted:
    'Es posible que la aplicación ya esté instalada en GitHub, pero este intento ya no era válido y no se ha conectado nada. Vuelve atrás y conecta GitHub otra vez.',
  whoYouAre:
    'La aplicación está instalada. Ahora GitHub te pregunta quién eres: solo un propietario de la cuenta puede conectarla, para que nadie conecte una cuenta ajena.',

  statuses: {
    starting: { title: 'Abriendo GitHub…', text: 'Preparando GitHub.' },
    waiting: { title: 'Continúa en GitHub', text: 'Elige allí qué repositorios quieres compartir.' },
    returned: { title: 'De vuelta de GitHub', text: 'Comprobando que sigues siendo tú.' },
    authorizing: { title: 'Un paso más en GitHub', text: 'Confirma en GitHub quién eres.' },
    binding: { title: 'Gracias, casi está', text: 'Recibido. Terminando la conexión.' },
    connected: {
      title: 'GitHub está conectado',
      text: 'La página en la que empezaste también lo muestra.',
    },
    awaiting_approval: {
      title: 'Aprobación solicitada',
      text: 'Un propietario de la organización de GitHub tiene que aprobar la solicitud.',
    },
    conflict: { title: 'Sin conectar', text: 'Ya hay otra cuenta de GitHub conectada.' },
    refused: { title: 'Sin conectar', text: 'No se ha podido conectar esta instalación.' },
    expired: { title: 'Ha tardado demasiado', text: 'Empieza de nuevo.' },
    cancelled: { title: 'Cancelado', text: 'No se ha conectado nada.' },
    superseded: { title: 'Sustituido por un intento más reciente', text: replaced },
    blocked: { title: 'Sin conectar', text: notSetUp },
  },

  problemTitles: {
    return_unknown: 'No hay ninguna conexión en curso',
    return_other_browser: 'Se empezó en otro navegador',
    return_malformed: 'No se ha podido leer la respuesta de GitHub',
    missing_installation: 'Falta la instalación',
    state_replayed: 'Ya se ha utilizado',
    rate_limited: 'Demasiados intentos',
    not_found: 'Aquí no hay nada',
  },

  errors: {
    invalid_request: notLikeThis,
    session_required: 'Inicia sesión y vuelve a intentarlo.',
    forbidden: 'No tienes permiso para conectar GitHub en esta organización. Pídeselo a un administrador.',
    request_not_trusted: notLikeThis,
    not_found: 'Vuelve atrás y empieza de nuevo.',
    method_not_allowed: notLikeThis,
    payload_too_large: notLikeThis,
    unsupported_media_type: notLikeThis,
    rate_limited: 'Espera un momento y vuelve a intentarlo.',
    internal: wentWrong,
    identity_unavailable: 'No hemos podido comprobar quién eres. Inténtalo de nuevo.',
    storage_unavailable: 'El servicio está ocupado. Inténtalo de nuevo.',
    shutting_down: 'El servicio se está reiniciando. Inténtalo de nuevo.',
    return_unknown:
      'Esta página se ha abierto sin ninguna conexión en curso. Vuelve a la página en la que empezaste y conecta GitHub desde allí.',
    return_other_browser: 'La conexión se empezó en otro navegador. Sigue en él o empieza de nuevo aquí.',
    return_malformed: 'Empieza de nuevo.',
    state_replayed: 'Esta respuesta de GitHub ya se ha utilizado.',
    missing_installation: 'GitHub no ha indicado de qué instalación se trata. Empieza de nuevo.',
    session_mismatch: 'Mientras tanto, otra persona ha iniciado sesión. Empieza de nuevo.',
    flow_expired: 'Ha tardado demasiado. Empieza de nuevo.',
    flow_superseded: replaced,
    flow_cancelled: 'Este intento se ha cancelado.',
    installation_not_found:
      'La aplicación no está instalada allí o no es visible. Instálala y vuelve a intentarlo.',
    installation_unusable: 'La aplicación está instalada, pero suspendida o eliminada en GitHub.',
    already_bound: 'Ya hay otra cuenta de GitHub conectada. Primero hay que desvincularla.',
    installation_in_use: 'Esta cuenta de GitHub ya está conectada en otro lugar.',
    account_mismatch:
      'La aplicación se ha instalado en una cuenta de GitHub distinta de la que se espera aquí. Elige la cuenta esperada.',
    ownership_not_proved:
      'Solo un propietario de la cuenta de GitHub puede conectarla. Pídeselo a un propietario o elige una cuenta tuya.',
    ownership_declined: 'No has confirmado en GitHub quién eres, así que no se ha conectado nada.',
    ownership_unavailable:
      'No hemos podido preguntar a GitHub de quién es la cuenta, así que no se ha conectado nada. Inténtalo de nuevo.',
    ownership_sign_on:
      'Tu organización exige el inicio de sesión único. Inicia sesión en ella en GitHub y vuelve a intentarlo.',
    not_connected: 'GitHub no está conectado o hay que conectarlo de nuevo.',
    partner_key_refused: notSetUp,
    scope_missing: notSetUp,
    return_url_not_allowed: notSetUp,
    organization_unknown: notSetUp,
    install_url_refused: notSetUp,
    ownership_misconfigured: notSetUp,
    kill_switch: 'Las conexiones están desactivadas en este momento. Inténtalo más tarde.',
    upstream_refused: notSetUp,
    upstream_invalid: wentWrong,
    upstream_rate_limited: 'El servicio está ocupado. Inténtalo de nuevo en un momento.',
    upstream_unavailable: 'No se puede acceder al servicio. Inténtalo de nuevo.',
  },
}
