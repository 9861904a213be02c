// What the pages say in Portuguese (Brazil).
import type { PageTexts } from '../page-texts.ts'

const notSetUp = 'A conexão não está configurada corretamente. Fale com o suporte deste site.'
const notLikeThis = 'Esta página não pode ser aberta assim. Volte e comece de novo.'
const wentWrong = 'Algo deu errado do nosso lado. Tente novamente.'
const replaced = 'Uma tentativa mais recente substituiu esta.'

export const ptBR: PageTexts = {
  tag: 'pt-BR',
  dir: 'ltr',

  goBack: 'Voltar',
  tryAgain: 'Tentar novamente',
  continueOnGitHub: 'Continuar no GitHub',
  reference: 'Referência para o suporte:',
  closeWindow: 'Você pode fechar esta janela.',
  failed: 'Isso não funcionou',

  opening: { title: 'Abrindo o GitHub…', text: 'Um momento, isso continua automaticamente.' },
  cannotOpen: 'Não foi possível abrir o GitHub. Volte e tente novamente.',
  notOpened: 'O GitHub não foi aberto',

  notFinished: 'Ainda não terminou',
  elsewhere: {
    title: 'Você pode fechar esta janela',
    text: 'A página em que você começou mostra o resultado.',
  },
  noLongerCounted:
    'O aplicativo talvez já esteja instalado no GitHub, mas esta tentativa não valia mais e nada foi conectado. Volte e conecte o GitHub novamente.',
  whoYouAre:
    'O aplicativo está instalado. Agora o GitHub pergunta quem você é: só um proprietário da conta pode conectá-la, para que ninguém conecte uma conta que não é sua.',

  statuses: {
    starting: { title: 'Abrindo o GitHub…', text: 'Preparando o GitHub.' },
    waiting: { title: 'Continue no GitHub', text: 'Escolha lá quais repositórios compartilhar.' },
    returned: { title: 'De volta do GitHub', text: 'Verificando se ainda é você.' },
    authorizing: { title: 'Mais uma etapa no GitHub', text: 'Confirme no GitHub quem você é.' },
    binding: { title: 'Obrigado, quase lá', text: 'Recebido. Concluindo a conexão.' },
    connected: {
      title: 'O GitHub está conectado',
      text: 'A página em que você começou também mostra isso.',
    },
    awaiting_approval: {
      title: 'Aprovação solicitada',
      text: 'Um proprietário da organização do GitHub precisa aprovar a solicitação.',
    },
    conflict: { title: 'Não conectado', text: 'Outra conta do GitHub já está conectada.' },
    refused: { title: 'Não conectado', text: 'Não foi possível conectar esta instalação.' },
    expired: { title: 'Demorou demais', text: 'Comece de novo.' },
    cancelled: { title: 'Cancelado', text: 'Nada foi conectado.' },
    superseded: { title: 'Substituído por uma tentativa mais recente', text: replaced },
    blocked: { title: 'Não conectado', text: notSetUp },
  },

  problemTitles: {
    return_unknown: 'Nenhuma conexão em andamento',
    return_other_browser: 'Iniciado em outro navegador',
    return_malformed: 'Não foi possível ler a resposta do GitHub',
    missing_installation: 'Nenhuma instalação foi informada',
    state_replayed: 'Já foi usado',
    rate_limited: 'Muitas tentativas',
    not_found: 'Não há nada aqui',
  },

  errors: {
    invalid_request: notLikeThis,
    session_required: 'Entre na sua conta e tente novamente.',
    forbidden: 'Você não tem permissão para conectar o GitHub nesta organização. Fale com um administrador.',
    request_not_trusted: notLikeThis,
    not_found: 'Volte e comece de novo.',
    method_not_allowed: notLikeThis,
    payload_too_large: notLikeThis,
    unsupported_media_type: notLikeThis,
    rate_limited: 'Aguarde um momento e tente novamente.',
    internal: wentWrong,
    identity_unavailable: 'Não foi possível verificar quem você é. Tente novamente.',
    storage_unavailable: 'O serviço está ocupado. Tente novamente.',
    shutting_down: 'O serviço está reiniciando. Tente novamente.',
    return_unknown:
      'Esta página foi aberta sem uma conexão em andamento. Volte para a página em que você começou e conecte o GitHub por lá.',
    return_other_browser: 'A conexão foi iniciada em outro navegador. Continue nele ou comece de novo aqui.',
    return_malformed: 'Comece de novo.',
    state_replayed: 'Esta resposta do GitHub já foi usada.',
    missing_installation: 'O GitHub não informou qual é a instalação. Comece de novo.',
    session_mismatch: 'Outra pessoa entrou nesse meio-tempo. Comece de novo.',
    flow_expired: 'Demorou demais. Comece de novo.',
    flow_superseded: replaced,
    flow_cancelled: 'Esta tentativa foi cancelada.',
    installation_not_found:
      'O aplicativo não está instalado lá ou não pode ser visto. Instale-o e tente novamente.',
    installation_unusable: 'O aplicativo está instalado, mas suspenso ou removido no GitHub.',
    already_bound: 'Outra conta do GitHub já está conectada. Ela precisa ser desvinculada primeiro.',
    installation_in_use: 'Esta conta do GitHub já está conectada em outro lugar.',
    account_mismatch:
      'O aplicativo foi instalado em uma conta do GitHub diferente da esperada aqui. Escolha a conta esperada.',
    ownership_not_proved:
      'Só um proprietário da conta do GitHub pode conectá-la. Peça a um proprietário ou escolha uma conta sua.',
    ownership_declined: 'Você não confirmou no GitHub quem você é, por isso nada foi conectado.',
    ownership_unavailable:
      'Não foi possível perguntar ao GitHub de quem é a conta, por isso nada foi conectado. Tente novamente.',
    ownership_sign_on: 'Sua organização exige logon único (SSO). Entre nela pelo GitHub e tente novamente.',
    not_connected: 'O GitHub não está conectado ou precisa ser conectado novamente.',
    partner_key_refused: notSetUp,
    scope_missing: notSetUp,
    return_url_not_allowed: notSetUp,
    organization_unknown: notSetUp,
    install_url_refused: notSetUp,
    ownership_misconfigured: notSetUp,
    kill_switch: 'As conexões estão desativadas no momento. Tente mais tarde.',
    upstream_refused: notSetUp,
    upstream_invalid: wentWrong,
    upstream_rate_limited: 'O serviço está ocupado. Tente novamente em instantes.',
    upstream_unavailable: 'Não foi possível acessar o serviço. Tente novamente.',
  },
}
