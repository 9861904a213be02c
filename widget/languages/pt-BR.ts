// What the widget says in Brazilian Portuguese.
import type { Language } from '../messages.ts'

const stillInstalled = 'O aplicativo continua instalado no GitHub até você removê-lo lá.'
const moment = 'Só um momento.'
const longer = 'Está demorando mais que o normal.'
const reconnect = 'Conecte o GitHub novamente.'
const again = 'Comece de novo.'
const byItself = 'Isso continua automaticamente.'
const soon = 'Tente novamente em instantes.'
const thenTry = 'Depois, tente novamente.'
const support = 'Fale com o suporte deste site.'

export const ptBR: Language = {
  tag: 'pt-BR',
  dir: 'ltr',
  messages: {
    label: 'Conexão com o GitHub',
    loading: 'Carregando…',
    connect: 'Conectar o GitHub',
    notConnected: {
      title: 'Conecte sua organização do GitHub',
      next: 'Você escolhe quais repositórios compartilhar.',
    },
    stillInstalled,
    view_only: 'Só um administrador da sua organização pode mudar isso.',
    opening: { title: 'Abrindo o GitHub…', next: moment },
    openingLong: longer,
    waiting: { title: 'Continue no GitHub', next: 'Escolha lá o que compartilhar.' },
    waitingLong: 'O aplicativo já está instalado? Clique em “Save” no GitHub ou comece de novo.',
    popupBlocked: 'Seu navegador bloqueou a janela.',
    openAgain: 'Abrir o GitHub novamente',
    continueHere: 'Continuar nesta aba',
    startOver: 'Começar de novo',
    cancel: 'Cancelar',
    authorizing: {
      title: 'Mais uma etapa no GitHub',
      next: 'Confirme lá quem você é.',
    },
    continueOnGitHub: 'Continuar no GitHub',
    returned: { title: 'De volta do GitHub', next: 'Verificando se ainda é você.' },
    binding: { title: 'Concluindo a conexão…', next: moment },
    finishingLong: `${longer} Você pode sair da página.`,
    connected: 'O GitHub está conectado',
    connectedTo: 'Conectado a {account}',
    Organization: 'Organização',
    User: 'Conta pessoal',
    since: 'desde {date}',
    manage: 'Gerenciar no GitHub',
    newWindow: 'abre uma nova janela',
    disconnect: 'Desconectar',
    confirm: { title: 'Desconectar o GitHub?', next: stillInstalled },
    keep: 'Manter conectado',
    awaiting_approval: {
      title: 'Aguardando a aprovação de um proprietário',
      next: 'Envie esta mensagem a um proprietário:',
    },
    approval:
      'Aprove, por favor, o GitHub App que solicitei, nas configurações da nossa organização no GitHub, em “GitHub Apps”. Depois abra {page} e clique em “Conectar o GitHub”.',
    copy: 'Copiar mensagem',
    copied: 'Copiado',
    copyByHand: 'Copie o texto você mesmo',
    checkAgain: 'Verificar novamente',
    notApproved: 'Verificado: ainda não aprovado.',
    tryAgain: 'Tentar novamente',
    framed: {
      title: 'Abra esta página em uma aba própria',
      next: 'Dentro de outro site, seu navegador não mantém sua sessão.',
    },
    openInTab: 'Abrir em uma nova aba',
    reconnect: 'Conectar novamente',
    uninstalled: { title: 'O aplicativo foi removido do GitHub', next: reconnect },
    suspended: {
      title: 'O aplicativo está suspenso no GitHub',
      next: 'Reative-o lá ou conecte o GitHub novamente.',
    },
    detached: { title: 'O GitHub não está mais conectado', next: reconnect },
    unusable: { title: 'A conexão com o GitHub não funciona mais', next: reconnect },
    conflict: {
      title: 'O GitHub já está conectado',
      next: `Outro cliente deste site usa a única conexão. ${support}`,
    },
    support: 'Código:',

    internal: { title: 'Algo deu errado', next: soon },
    rate_limited: { title: 'Tentativas demais', next: soon },
    unreachable: { title: 'O serviço está inacessível no momento', next: byItself },
    offline: { title: 'Parece que você está offline', next: byItself },
    upstream_refused: { title: 'Não é possível conectar o GitHub no momento', next: support },
    kill_switch: { title: 'A conexão está desativada', next: 'Tente novamente mais tarde.' },
    session_required: { title: 'Faça login', next: thenTry },
    session_mismatch: { title: 'Enquanto isso, outra pessoa fez login', next: again },
    flow_expired: { title: 'Demorou demais', next: again },
    forbidden: {
      title: 'Você não tem permissão para conectar o GitHub',
      next: 'Fale com um administrador da sua organização.',
    },
    not_connected: { title: 'O GitHub não está conectado', next: 'Conecte-o.' },
    installation_not_found: {
      title: 'O aplicativo não está instalado lá',
      next: 'Instale-o em pelo menos um repositório.',
    },
    installation_unusable: {
      title: 'O aplicativo foi suspenso ou removido no GitHub',
      next: again,
    },
    already_bound: {
      title: 'Outra conta do GitHub já está conectada',
      next: `Primeiro, ela precisa ser desvinculada no Layers. ${support}`,
    },
    installation_in_use: {
      title: 'Esta conta do GitHub já está conectada em outro lugar',
      next: `Escolha outra conta. ${support}`,
    },
    account_mismatch: {
      title: 'Outra conta do GitHub é esperada aqui',
      next: 'Escolha essa conta.',
    },
    ownership_not_proved: {
      title: 'Só um proprietário pode conectar esta conta',
      next: 'Peça a um proprietário ou escolha uma conta que seja sua.',
    },
    ownership_declined: { title: 'Você não confirmou quem você é', next: again },
    ownership_sign_on: {
      title: 'Faça login na sua organização do GitHub (SSO)',
      next: thenTry,
    },
  },
  repositories: {
    title: 'Repositórios',
    count: { one: '{count} repositório', other: '{count} repositórios' },
    none: 'Ainda não há repositórios',
    choose: 'Escolha alguns no GitHub.',
    failed: 'Não foi possível carregar os repositórios',
    search: 'Buscar repositórios',
    noMatch: 'Nenhum tem esse nome.',
    private: 'Privado',
    more: 'Mostrar mais',
  },
}
