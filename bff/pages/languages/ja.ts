// What the pages say in Japanese.
import type { PageTexts } from '../page-texts.ts'

const notSetUp = '連携が正しく設定されていません。このサイトのサポートにお問い合わせください。'
const notLikeThis =
  'このページをこの方法で開くことはできません。前のページに戻り、最初からやり直してください。'
const wentWrong = 'こちらで問題が発生しました。もう一度お試しください。'
const replaced = 'その後に始めた操作が優先されました。'

export const ja: PageTexts = {
  tag: 'ja',
  dir: 'ltr',

  goBack: '戻る',
  tryAgain: 'もう一度試す',
  continueOnGitHub: 'GitHub で続ける',
  reference: 'サポート用の参照番号：',
  closeWindow: 'このウィンドウは閉じてかまいません。',
  failed: 'うまくいきませんでした',

  opening: { title: 'GitHub を開いています…', text: '自動的に進みます。少しお待ちください。' },
  cannotOpen: 'GitHub を開けませんでした。前のページに戻り、もう一度お試しください。',
  notOpened: 'GitHub は開かれませんでした',

  notFinished: 'まだ完了していません',
  elsewhere: {
    title: 'このウィンドウは閉じてかまいません',
    text: '結果は、操作を始めたページに表示されます。',
  },
  noLongerCounted:
    'アプリは GitHub にインストールされた可能性がありますが、この操作はすでに無効だったため、連携されていません。前のページに戻り、もう一度 GitHub と連携してください。',
  whoYouAre:
    'アプリがインストールされました。次に、GitHub でご本人の確認を行います。他人のアカウントが連携されないように、連携できるのはアカウントのオーナーだけです。',

  statuses: {
    starting: { title: 'GitHub を開いています…', text: 'GitHub を準備しています。' },
    waiting: {
      title: 'GitHub で操作を続けてください',
      text: '共有するリポジトリを GitHub で選択してください。',
    },
    returned: { title: 'GitHub から戻りました', text: 'ご本人であることを確認しています。' },
    authorizing: { title: 'GitHub であと 1 ステップです', text: 'GitHub でご本人の確認をしてください。' },
    binding: {
      title: 'ありがとうございます。まもなく完了します',
      text: '受け付けました。連携を完了しています。',
    },
    connected: { title: 'GitHub と連携しました', text: '操作を始めたページにも表示されます。' },
    awaiting_approval: {
      title: '承認をリクエストしました',
      text: 'GitHub の Organization のオーナーによる承認が必要です。',
    },
    conflict: { title: '連携されていません', text: '別の GitHub アカウントがすでに連携されています。' },
    refused: { title: '連携されていません', text: 'このインストールは連携できませんでした。' },
    expired: { title: '時間切れになりました', text: '最初からやり直してください。' },
    cancelled: { title: 'キャンセルしました', text: '何も連携されていません。' },
    superseded: { title: '新しい操作に置き換えられました', text: replaced },
    blocked: { title: '連携されていません', text: notSetUp },
  },

  problemTitles: {
    return_unknown: '進行中の連携はありません',
    return_other_browser: '別のブラウザーで始められています',
    return_malformed: 'GitHub からの応答を読み取れませんでした',
    missing_installation: 'インストールが指定されていません',
    state_replayed: 'すでに使用されています',
    rate_limited: '試行回数が多すぎます',
    not_found: 'ページが見つかりません',
  },

  errors: {
    invalid_request: notLikeThis,
    session_required: 'サインインしてから、もう一度お試しください。',
    forbidden: 'この組織で GitHub と連携する権限がありません。管理者にお問い合わせください。',
    request_not_trusted: notLikeThis,
    not_found: '前のページに戻り、最初からやり直してください。',
    method_not_allowed: notLikeThis,
    payload_too_large: notLikeThis,
    unsupported_media_type: notLikeThis,
    rate_limited: '少し待ってから、もう一度お試しください。',
    internal: wentWrong,
    identity_unavailable: 'ご本人であることを確認できませんでした。もう一度お試しください。',
    storage_unavailable: 'サービスが混み合っています。もう一度お試しください。',
    shutting_down: 'サービスを再起動しています。もう一度お試しください。',
    return_unknown:
      '進行中の連携がない状態でこのページが開かれました。操作を始めたページに戻り、そこから GitHub と連携してください。',
    return_other_browser:
      'この連携は別のブラウザーで始められました。そのブラウザーで続けるか、ここで最初からやり直してください。',
    return_malformed: '最初からやり直してください。',
    state_replayed: 'GitHub からのこの応答は、すでに使用されています。',
    missing_installation: 'GitHub からインストールの情報が届きませんでした。最初からやり直してください。',
    session_mismatch: 'その間に別のユーザーがサインインしました。最初からやり直してください。',
    flow_expired: '時間切れになりました。最初からやり直してください。',
    flow_superseded: replaced,
    flow_cancelled: 'この操作はキャンセルされました。',
    installation_not_found:
      'アプリがインストールされていないか、確認できません。インストールしてから、もう一度お試しください。',
    installation_unusable: 'アプリはインストールされていますが、GitHub で停止または削除されています。',
    already_bound: '別の GitHub アカウントがすでに連携されています。先にその連携を解除する必要があります。',
    installation_in_use: 'この GitHub アカウントは、すでに別の場所で連携されています。',
    account_mismatch:
      '指定されたものとは別の GitHub アカウントにアプリがインストールされました。指定されたアカウントを選択してください。',
    ownership_not_proved:
      'GitHub アカウントを連携できるのはオーナーだけです。オーナーに依頼するか、ご自身のアカウントを選択してください。',
    ownership_declined: 'GitHub でご本人の確認が行われなかったため、連携されていません。',
    ownership_unavailable:
      'アカウントのオーナーを GitHub に確認できなかったため、連携されていません。もう一度お試しください。',
    ownership_sign_on:
      'お使いの組織ではシングルサインオンが必要です。GitHub で組織にサインインしてから、もう一度お試しください。',
    not_connected: 'GitHub と連携されていないか、再度連携する必要があります。',
    partner_key_refused: notSetUp,
    scope_missing: notSetUp,
    return_url_not_allowed: notSetUp,
    organization_unknown: notSetUp,
    install_url_refused: notSetUp,
    ownership_misconfigured: notSetUp,
    kill_switch: '現在、連携は停止されています。しばらくしてからお試しください。',
    upstream_refused: notSetUp,
    upstream_invalid: wentWrong,
    upstream_rate_limited: 'サービスが混み合っています。少し待ってから、もう一度お試しください。',
    upstream_unavailable: 'サービスに接続できません。もう一度お試しください。',
  },
}
