// What the widget says in Simplified Chinese.
import type { Language } from '../messages.ts'

const stillInstalled = '在您于 GitHub 上移除应用之前，应用会一直保持安装状态。'
const moment = '请稍候。'
const longer = '所用时间比平时长。'
const reconnect = '请重新连接 GitHub。'
const again = '请重新开始。'
const byItself = '稍后会自动继续。'
const soon = '请稍后重试。'
const thenTry = '然后重试。'
const support = '请联系本网站的支持人员。'

export const zhHans: Language = {
  tag: 'zh-Hans',
  dir: 'ltr',
  messages: {
    label: 'GitHub 连接',
    loading: '正在加载…',
    connect: '连接 GitHub',
    notConnected: { title: '连接您的 GitHub 组织', next: '由您选择要共享的仓库。' },
    stillInstalled,
    view_only: '只有您组织的管理员才能更改。',
    opening: { title: '正在打开 GitHub…', next: moment },
    openingLong: longer,
    waiting: { title: '请在 GitHub 上继续', next: '请在 GitHub 上选择要共享的内容。' },
    waitingLong: '应用已经安装？请在 GitHub 上点击“Save”，或重新开始。',
    popupBlocked: '您的浏览器拦截了窗口。',
    openAgain: '再次打开 GitHub',
    continueHere: '在此标签页中继续',
    startOver: '重新开始',
    cancel: '取消',
    authorizing: {
      title: '在 GitHub 上还有一步',
      next: '请在 GitHub 上确认您的身份。',
    },
    continueOnGitHub: '前往 GitHub 继续',
    returned: { title: '已从 GitHub 返回', next: '正在确认仍是您本人。' },
    binding: { title: '正在完成连接…', next: moment },
    finishingLong: `${longer}您可以离开此页面。`,
    connected: 'GitHub 已连接',
    connectedTo: '已连接到 {account}',
    Organization: '组织',
    User: '个人账号',
    since: '自 {date}起',
    manage: '在 GitHub 上管理',
    newWindow: '在新窗口中打开',
    disconnect: '断开连接',
    confirm: { title: '要断开 GitHub 连接吗？', next: stillInstalled },
    keep: '保持连接',
    awaiting_approval: { title: '正在等待所有者批准', next: '请将此消息发送给所有者：' },
    approval:
      '请在 GitHub 上我们组织的设置中的“GitHub Apps”下，批准我申请的 GitHub App。然后打开 {page}，点击“连接 GitHub”。',
    copy: '复制消息',
    copied: '已复制',
    copyByHand: '请手动复制文本',
    checkAgain: '再次检查',
    notApproved: '已检查：尚未批准。',
    tryAgain: '重试',
    framed: {
      title: '请在单独的标签页中打开此页面',
      next: '在其他网站内，您的浏览器不会保持登录状态。',
    },
    openInTab: '在新标签页中打开',
    reconnect: '重新连接',
    uninstalled: { title: '应用已从 GitHub 移除', next: reconnect },
    suspended: { title: '应用已在 GitHub 上被暂停', next: '请在 GitHub 上恢复应用，或重新连接。' },
    detached: { title: 'GitHub 已不再连接', next: reconnect },
    unusable: { title: 'GitHub 连接已失效', next: reconnect },
    conflict: {
      title: 'GitHub 已被连接',
      next: `本网站的另一位客户正在使用唯一的连接。${support}`,
    },
    support: '代码：',

    internal: { title: '出了点问题', next: soon },
    rate_limited: { title: '尝试次数过多', next: soon },
    unreachable: { title: '目前无法访问服务', next: byItself },
    offline: { title: '您似乎已离线', next: byItself },
    upstream_refused: { title: '目前无法连接 GitHub', next: support },
    kill_switch: { title: '连接功能已停用', next: '请稍后再试。' },
    session_required: { title: '请登录', next: thenTry },
    session_mismatch: { title: '其间有其他人登录', next: again },
    flow_expired: { title: '操作超时', next: again },
    forbidden: { title: '您无权连接 GitHub', next: '请联系您组织的管理员。' },
    not_connected: { title: 'GitHub 未连接', next: '请连接 GitHub。' },
    installation_not_found: { title: '应用未安装在该处', next: '请至少为一个仓库安装应用。' },
    installation_unusable: { title: '应用已在 GitHub 上被暂停或移除', next: again },
    already_bound: {
      title: '已连接另一个 GitHub 账号',
      next: `需要先在 Layers 解除该连接。${support}`,
    },
    installation_in_use: {
      title: '此 GitHub 账号已在别处连接',
      next: `请选择其他账号。${support}`,
    },
    account_mismatch: { title: '此处需要另一个 GitHub 账号', next: '请选择该账号。' },
    ownership_not_proved: {
      title: '只有所有者才能连接此账号',
      next: '请联系所有者，或选择您拥有的账号。',
    },
    ownership_declined: { title: '您未确认自己的身份', next: again },
    ownership_sign_on: { title: '请登录您的 GitHub 组织（SSO）', next: thenTry },
  },
  repositories: {
    title: '仓库',
    count: { other: '{count} 个仓库' },
    none: '还没有仓库',
    choose: '请在 GitHub 上选择仓库。',
    failed: '无法加载仓库',
    search: '搜索仓库',
    noMatch: '没有匹配的仓库。',
    private: '私有',
    more: '显示更多',
  },
}
