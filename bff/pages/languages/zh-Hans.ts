// What the pages say in Simplified Chinese.
import type { PageTexts } from '../page-texts.ts'

const notSetUp = '连接未正确设置。请联系本网站的支持人员。'
const notLikeThis = '无法以这种方式打开此页面。请返回并重新开始。'
const wentWrong = '我们这边出了点问题。请重试。'
const replaced = '此次操作已被更新的操作取代。'

export const zhHans: PageTexts = {
  tag: 'zh-Hans',
  dir: 'ltr',

  goBack: '返回',
  tryAgain: '重试',
  continueOnGitHub: '前往 GitHub 继续',
  reference: '支持参考编号：',
  closeWindow: '您可以关闭此窗口。',
  failed: '操作未成功',

  opening: { title: '正在打开 GitHub…', text: '请稍候，页面会自动继续。' },
  cannotOpen: '无法打开 GitHub。请返回后重试。',
  notOpened: '未打开 GitHub',

  notFinished: '尚未完成',
  elsewhere: { title: '您可以关闭此窗口', text: '结果会显示在您开始操作的页面上。' },
  noLongerCounted: '应用可能已安装到 GitHub，但此次操作已失效，因此未建立任何连接。请返回并重新连接 GitHub。',
  whoYouAre:
    '应用已安装。接下来 GitHub 会确认您的身份：只有账号的所有者才能连接该账号，以免他人的账号被连接。',

  statuses: {
    starting: { title: '正在打开 GitHub…', text: '正在准备 GitHub。' },
    waiting: { title: '请在 GitHub 上继续', text: '请在 GitHub 上选择要共享的仓库。' },
    returned: { title: '已从 GitHub 返回', text: '正在确认仍是您本人。' },
    authorizing: { title: '在 GitHub 上还有一步', text: '请在 GitHub 上确认您的身份。' },
    binding: { title: '谢谢，即将完成', text: '已收到，正在完成连接。' },
    connected: { title: 'GitHub 已连接', text: '您开始操作的页面上也会显示。' },
    awaiting_approval: { title: '已请求批准', text: '需要 GitHub 组织的所有者批准此请求。' },
    conflict: { title: '未连接', text: '已连接另一个 GitHub 账号。' },
    refused: { title: '未连接', text: '无法连接此安装。' },
    expired: { title: '操作超时', text: '请重新开始。' },
    cancelled: { title: '已取消', text: '未建立任何连接。' },
    superseded: { title: '已被更新的操作取代', text: replaced },
    blocked: { title: '未连接', text: notSetUp },
  },

  problemTitles: {
    return_unknown: '没有正在进行的连接',
    return_other_browser: '操作是在其他浏览器中开始的',
    return_malformed: '无法读取 GitHub 的响应',
    missing_installation: '未指明安装',
    state_replayed: '已被使用',
    rate_limited: '尝试次数过多',
    not_found: '找不到页面',
  },

  errors: {
    invalid_request: notLikeThis,
    session_required: '请登录后重试。',
    forbidden: '您无权为此组织连接 GitHub。请联系管理员。',
    request_not_trusted: notLikeThis,
    not_found: '请返回并重新开始。',
    method_not_allowed: notLikeThis,
    payload_too_large: notLikeThis,
    unsupported_media_type: notLikeThis,
    rate_limited: '请稍候再试。',
    internal: wentWrong,
    identity_unavailable: '我们无法确认您的身份。请重试。',
    storage_unavailable: '服务繁忙。请重试。',
    shutting_down: '服务正在重启。请重试。',
    return_unknown: '打开此页面时没有正在进行的连接。请回到您开始操作的页面，从那里连接 GitHub。',
    return_other_browser: '此连接是在其他浏览器中开始的。请回到该浏览器继续，或在此处重新开始。',
    return_malformed: '请重新开始。',
    state_replayed: 'GitHub 的这个响应已被使用。',
    missing_installation: 'GitHub 未说明是哪个安装。请重新开始。',
    session_mismatch: '在此期间有其他人登录。请重新开始。',
    flow_expired: '操作超时。请重新开始。',
    flow_superseded: replaced,
    flow_cancelled: '此次操作已取消。',
    installation_not_found: '应用未安装在那里，或不可见。请安装后重试。',
    installation_unusable: '应用已安装，但在 GitHub 上已被暂停或移除。',
    already_bound: '已连接另一个 GitHub 账号。必须先将其解除。',
    installation_in_use: '此 GitHub 账号已在其他地方连接。',
    account_mismatch: '应用安装到了与此处要求不同的 GitHub 账号。请选择要求的账号。',
    ownership_not_proved: '只有 GitHub 账号的所有者才能连接该账号。请让所有者操作，或选择您拥有的账号。',
    ownership_declined: '您未在 GitHub 上确认身份，因此未建立任何连接。',
    ownership_unavailable: '无法向 GitHub 查询账号的所有者，因此未建立任何连接。请重试。',
    ownership_sign_on: '您的组织要求单点登录。请先在 GitHub 上登录该组织，然后重试。',
    not_connected: 'GitHub 未连接，或需要重新连接。',
    partner_key_refused: notSetUp,
    scope_missing: notSetUp,
    return_url_not_allowed: notSetUp,
    organization_unknown: notSetUp,
    install_url_refused: notSetUp,
    ownership_misconfigured: notSetUp,
    kill_switch: '连接功能目前已关闭。请稍后再试。',
    upstream_refused: notSetUp,
    upstream_invalid: wentWrong,
    upstream_rate_limited: '服务繁忙。请稍候再试。',
    upstream_unavailable: '无法访问服务。请重试。',
  },
}
