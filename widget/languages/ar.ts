// What the widget says in Arabic.
import type { Language } from '../messages.ts'

const stillInstalled = 'يبقى التطبيق مثبّتًا على GitHub إلى أن تزيله من هناك.'
const moment = 'لحظة من فضلك.'
const longer = 'يستغرق الأمر وقتًا أطول من المعتاد.'
const reconnect = 'يُرجى ربط GitHub من جديد.'
const again = 'يُرجى البدء من جديد.'
const byItself = 'ستتم المتابعة تلقائيًا.'
const soon = 'يُرجى المحاولة مرة أخرى بعد قليل.'
const thenTry = 'ثم حاول مرة أخرى.'
const support = 'يُرجى التواصل مع دعم هذا الموقع.'

export const ar: Language = {
  tag: 'ar',
  dir: 'rtl',
  messages: {
    label: 'الربط مع GitHub',
    loading: 'جارٍ التحميل…',
    connect: 'ربط GitHub',
    notConnected: { title: 'اربط مؤسستك على GitHub', next: 'أنت من يختار المستودعات التي تشاركها.' },
    stillInstalled,
    view_only: 'لا يمكن تغيير ذلك إلا من قِبل أحد مشرفي مؤسستك.',
    opening: { title: 'جارٍ فتح GitHub…', next: moment },
    openingLong: longer,
    waiting: { title: 'المتابعة على GitHub', next: 'اختر هناك ما تريد مشاركته.' },
    waitingLong: 'هل التطبيق مثبّت بالفعل؟ اضغط إذن على “Save” في GitHub، أو ابدأ من جديد.',
    popupBlocked: 'حظر متصفحك النافذة.',
    openAgain: 'فتح GitHub مرة أخرى',
    continueHere: 'المتابعة في علامة التبويب هذه',
    startOver: 'البدء من جديد',
    cancel: 'إلغاء',
    authorizing: {
      title: 'خطوة أخرى على GitHub',
      next: 'أكّد هويتك هناك.',
    },
    continueOnGitHub: 'المتابعة على GitHub',
    returned: { title: 'تمت العودة من GitHub', next: 'جارٍ التحقق من أنك الشخص نفسه.' },
    binding: { title: 'جارٍ إكمال الربط…', next: moment },
    finishingLong: `${longer} يمكنك مغادرة الصفحة.`,
    connected: 'تم ربط GitHub',
    connectedTo: 'تم الربط مع {account}',
    Organization: 'مؤسسة',
    User: 'حساب شخصي',
    since: 'منذ {date}',
    manage: 'الإدارة على GitHub',
    newWindow: 'يفتح في نافذة جديدة',
    disconnect: 'فصل',
    confirm: { title: 'هل تريد فصل GitHub؟', next: stillInstalled },
    keep: 'الإبقاء على الربط',
    awaiting_approval: {
      title: 'في انتظار موافقة أحد المالكين',
      next: 'أرسل هذه الرسالة إلى أحد المالكين:',
    },
    approval:
      'يُرجى الموافقة على تطبيق GitHub App الذي طلبتُه، من إعدادات مؤسستنا على GitHub ضمن “GitHub Apps”. بعد ذلك افتح {page} واضغط على “ربط GitHub”.',
    copy: 'نسخ الرسالة',
    copied: 'تم النسخ',
    copyByHand: 'يُرجى نسخ النص يدويًا',
    checkAgain: 'التحقق مرة أخرى',
    notApproved: 'تم التحقق: لم تتم الموافقة بعد.',
    tryAgain: 'إعادة المحاولة',
    framed: {
      title: 'يُرجى فتح هذه الصفحة في علامة تبويب مستقلة',
      next: 'داخل موقع آخر لا يُبقي متصفحك تسجيل دخولك.',
    },
    openInTab: 'فتح في علامة تبويب جديدة',
    reconnect: 'إعادة الربط',
    uninstalled: { title: 'تمت إزالة التطبيق من GitHub', next: reconnect },
    suspended: {
      title: 'التطبيق معلّق على GitHub',
      next: 'ألغِ تعليقه هناك، أو اربط GitHub من جديد.',
    },
    detached: { title: 'لم يعد GitHub مربوطًا', next: reconnect },
    unusable: { title: 'لم يعد الربط مع GitHub يعمل', next: reconnect },
    conflict: {
      title: 'GitHub مربوط بالفعل',
      next: `يستخدم عميل آخر لهذا الموقع الربط الوحيد المتاح. ${support}`,
    },
    support: 'الرمز:',

    internal: { title: 'حدث خطأ ما', next: soon },
    rate_limited: { title: 'محاولات كثيرة جدًا', next: soon },
    unreachable: { title: 'يتعذّر الوصول إلى الخدمة حاليًا', next: byItself },
    offline: { title: 'يبدو أنك غير متصل بالإنترنت', next: byItself },
    upstream_refused: { title: 'يتعذّر ربط GitHub حاليًا', next: support },
    kill_switch: { title: 'الربط متوقف حاليًا', next: 'يُرجى المحاولة لاحقًا.' },
    session_required: { title: 'يُرجى تسجيل الدخول', next: thenTry },
    session_mismatch: { title: 'سجّل شخص آخر الدخول في هذه الأثناء', next: again },
    flow_expired: { title: 'استغرق الأمر وقتًا طويلاً', next: again },
    forbidden: { title: 'ليست لديك صلاحية ربط GitHub', next: 'يُرجى سؤال أحد مشرفي مؤسستك.' },
    not_connected: { title: 'GitHub غير مربوط', next: 'يُرجى ربطه.' },
    installation_not_found: {
      title: 'التطبيق غير مثبّت هناك',
      next: 'يُرجى تثبيته لمستودع واحد على الأقل.',
    },
    installation_unusable: { title: 'التطبيق معلّق أو محذوف على GitHub', next: again },
    already_bound: {
      title: 'هناك حساب GitHub آخر مربوط بالفعل',
      next: `يجب فصله أولاً لدى Layers. ${support}`,
    },
    installation_in_use: {
      title: 'حساب GitHub هذا مربوط بالفعل في مكان آخر',
      next: `اختر حسابًا آخر. ${support}`,
    },
    account_mismatch: {
      title: 'المتوقع هنا حساب GitHub آخر',
      next: 'يُرجى اختيار ذلك الحساب.',
    },
    ownership_not_proved: {
      title: 'لا يمكن ربط هذا الحساب إلا من قِبل أحد مالكيه',
      next: 'اطلب ذلك من أحد المالكين، أو اختر حسابًا تملكه.',
    },
    ownership_declined: { title: 'لم تؤكّد هويتك', next: again },
    ownership_sign_on: {
      title: 'يُرجى تسجيل الدخول إلى مؤسستك على GitHub (SSO)',
      next: thenTry,
    },
  },
  repositories: {
    title: 'المستودعات',
    count: {
      one: 'مستودع واحد ({count})',
      two: 'مستودعان ({count})',
      few: '{count} مستودعات',
      many: '{count} مستودعًا',
      other: '{count} مستودع',
    },
    none: 'لا توجد مستودعات بعد',
    choose: 'اختر بعضها على GitHub.',
    failed: 'تعذّر تحميل المستودعات',
    search: 'البحث في المستودعات',
    noMatch: 'لا يوجد مستودع بهذا الاسم.',
    private: 'خاص',
    more: 'عرض المزيد',
  },
}
