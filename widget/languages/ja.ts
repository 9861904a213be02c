// What the widget says in Japanese.
import type { Language } from '../messages.ts'

const stillInstalled = 'アプリは、GitHub で削除するまでインストールされたままです。'
const moment = '少しお待ちください。'
const longer = '通常より時間がかかっています。'
const reconnect = 'もう一度 GitHub と連携してください。'
const again = '最初からやり直してください。'
const byItself = '自動的に再開します。'
const soon = '少し待ってから、もう一度お試しください。'
const thenTry = 'その後、もう一度お試しください。'
const support = 'このサイトのサポートにお問い合わせください。'

export const ja: Language = {
  tag: 'ja',
  dir: 'ltr',
  messages: {
    label: 'GitHub との連携',
    loading: '読み込んでいます…',
    connect: 'GitHub と連携する',
    notConnected: {
      title: 'GitHub の Organization と連携できます',
      next: '共有するリポジトリは選択できます。',
    },
    stillInstalled,
    view_only: '変更できるのは、組織の管理者だけです。',
    opening: { title: 'GitHub を開いています…', next: moment },
    openingLong: longer,
    waiting: { title: 'GitHub で操作を続けてください', next: '共有するものを GitHub で選択してください。' },
    waitingLong:
      'アプリがすでにインストールされている場合は、GitHub で「Save」を押すか、最初からやり直してください。',
    popupBlocked: 'ブラウザーがウィンドウをブロックしました。',
    openAgain: 'GitHub をもう一度開く',
    continueHere: 'このタブで続ける',
    startOver: '最初からやり直す',
    cancel: 'キャンセル',
    authorizing: {
      title: 'GitHub であと 1 ステップです',
      next: 'GitHub でご本人の確認をしてください。',
    },
    continueOnGitHub: 'GitHub で続ける',
    returned: { title: 'GitHub から戻りました', next: 'ご本人であることを確認しています。' },
    binding: { title: '連携を完了しています…', next: moment },
    finishingLong: `${longer}このページを離れてもかまいません。`,
    connected: 'GitHub と連携しています',
    connectedTo: '{account} と連携しています',
    Organization: 'Organization',
    User: '個人アカウント',
    since: '{date}から',
    manage: 'GitHub で管理',
    newWindow: '新しいウィンドウで開きます',
    disconnect: '連携を解除',
    confirm: { title: 'GitHub との連携を解除しますか？', next: stillInstalled },
    keep: '連携を続ける',
    awaiting_approval: {
      title: 'オーナーの承認を待っています',
      next: '次のメッセージをオーナーに送ってください。',
    },
    approval:
      'GitHub の Organization の設定にある「GitHub Apps」で、リクエストした GitHub App を承認してください。その後、{page} を開き、「GitHub と連携する」を押してください。',
    copy: 'メッセージをコピー',
    copied: 'コピーしました',
    copyByHand: 'テキストを選択してコピーしてください',
    checkAgain: 'もう一度確認',
    notApproved: '確認しました。まだ承認されていません。',
    tryAgain: 'もう一度試す',
    framed: {
      title: 'このページを専用のタブで開いてください',
      next: 'ほかのサイトの中では、ブラウザーがサインイン状態を保ちません。',
    },
    openInTab: '新しいタブで開く',
    reconnect: '再度連携する',
    uninstalled: { title: 'アプリが GitHub から削除されました', next: reconnect },
    suspended: {
      title: 'アプリが GitHub で停止されています',
      next: 'GitHub で停止を解除するか、もう一度連携してください。',
    },
    detached: { title: 'GitHub との連携が解除されています', next: reconnect },
    unusable: { title: 'GitHub との連携が機能していません', next: reconnect },
    conflict: {
      title: 'GitHub はすでに連携されています',
      next: `このサイトの別のお客様が唯一の連携を使用しています。${support}`,
    },
    support: 'コード：',

    internal: { title: '問題が発生しました', next: soon },
    rate_limited: { title: '試行回数が多すぎます', next: soon },
    unreachable: { title: '現在、サービスに接続できません', next: byItself },
    offline: { title: 'オフラインのようです', next: byItself },
    upstream_refused: { title: '現在、GitHub と連携できません', next: support },
    kill_switch: { title: '現在、連携は停止されています', next: 'しばらくしてからお試しください。' },
    session_required: { title: 'サインインしてください', next: thenTry },
    session_mismatch: { title: 'その間に別のユーザーがサインインしました', next: again },
    flow_expired: { title: '時間切れになりました', next: again },
    forbidden: {
      title: 'GitHub と連携する権限がありません',
      next: '組織の管理者にお問い合わせください。',
    },
    not_connected: { title: 'GitHub と連携していません', next: 'GitHub と連携してください。' },
    installation_not_found: {
      title: 'アプリがインストールされていません',
      next: '1 つ以上のリポジトリにインストールしてください。',
    },
    installation_unusable: { title: 'アプリが GitHub で停止または削除されています', next: again },
    already_bound: {
      title: '別の GitHub アカウントがすでに連携されています',
      next: `先に Layers でその連携を解除する必要があります。${support}`,
    },
    installation_in_use: {
      title: 'この GitHub アカウントは、すでに別の場所で連携されています',
      next: `別のアカウントを選択してください。${support}`,
    },
    account_mismatch: {
      title: 'ここでは別の GitHub アカウントが指定されています',
      next: '指定されたアカウントを選択してください。',
    },
    ownership_not_proved: {
      title: 'このアカウントを連携できるのはオーナーだけです',
      next: 'オーナーに依頼するか、ご自身のアカウントを選択してください。',
    },
    ownership_declined: { title: 'ご本人の確認が行われませんでした', next: again },
    ownership_sign_on: {
      title: 'GitHub の Organization にサインインしてください（SSO）',
      next: thenTry,
    },
  },
  repositories: {
    title: 'リポジトリ',
    count: { other: '{count} 個のリポジトリ' },
    none: 'リポジトリがまだありません',
    choose: 'GitHub で選択してください。',
    failed: 'リポジトリを読み込めませんでした',
    search: 'リポジトリを検索',
    noMatch: '一致するものがありません。',
    private: '非公開',
    more: 'さらに表示',
  },
}
