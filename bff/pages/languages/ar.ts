// What the pages say in Arabic.
import type { PageTexts } from '../page-texts.ts'

const notSetUp = 'لم يتم إعداد الربط بشكل صحيح. يُرجى التواصل مع دعم هذا الموقع.'
const notLikeThis = 'لا يمكن فتح هذه الصفحة بهذه الطريقة. يُرجى الرجوع والبدء من جديد.'
const wentWrong = 'حدث خطأ من جانبنا. يُرجى المحاولة مرة أخرى.'
const replaced = 'حلّت محاولة أحدث محل هذه المحاولة.'

export const ar: PageTexts = {
  tag: 'ar',
  dir: 'rtl',

  goBack: 'رجوع',
  tryAgain: 'إعادة المحاولة',
  continueOnGitHub: 'المتابعة على GitHub',
  reference: 'الرقم المرجعي للدعم:',
  closeWindow: 'يمكنك إغلاق هذه النافذة.',
  failed: 'لم تنجح العملية',

  opening: { title: 'جارٍ فتح GitHub…', text: 'لحظة من فضلك، ستتم المتابعة تلقائيًا.' },
  cannotOpen: 'تعذّر فتح GitHub. يُرجى الرجوع والمحاولة مرة أخرى.',
  notOpened: 'لم يتم فتح GitHub',

  notFinished: 'لم يكتمل بعد',
  elsewhere: {
    title: 'يمكنك إغلاق هذه النافذة',
    text: 'تظهر النتيجة في الصفحة التي بدأت منها.',
  },
  noLongerCounted:
    'ربما تم تثبيت التطبيق على GitHub، لكن هذه المحاولة لم تعد صالحة، ولذلك لم يتم ربط أي شيء. ارجع واربط GitHub من جديد.',
  whoYouAre:
    'تم تثبيت التطبيق. سيسألك GitHub الآن عن هويتك: لا يمكن ربط الحساب إلا من قِبل أحد مالكيه، حتى لا يربط أحد حسابًا لا يملكه.',

  statuses: {
    starting: { title: 'جارٍ فتح GitHub…', text: 'جارٍ تجهيز GitHub.' },
    waiting: { title: 'المتابعة على GitHub', text: 'اختر هناك المستودعات التي تريد مشاركتها.' },
    returned: { title: 'تمت العودة من GitHub', text: 'جارٍ التحقق من أنك الشخص نفسه.' },
    authorizing: { title: 'خطوة أخرى على GitHub', text: 'أكّد هويتك على GitHub.' },
    binding: { title: 'شكرًا، أوشكنا على الانتهاء', text: 'تم الاستلام. جارٍ إكمال الربط.' },
    connected: { title: 'تم ربط GitHub', text: 'تعرض الصفحة التي بدأت منها ذلك أيضًا.' },
    awaiting_approval: {
      title: 'تم طلب الموافقة',
      text: 'يجب أن يوافق أحد مالكي المؤسسة على GitHub على الطلب.',
    },
    conflict: { title: 'لم يتم الربط', text: 'هناك حساب GitHub آخر مربوط بالفعل.' },
    refused: { title: 'لم يتم الربط', text: 'تعذّر ربط عملية التثبيت هذه.' },
    expired: { title: 'استغرق الأمر وقتًا طويلاً', text: 'يُرجى البدء من جديد.' },
    cancelled: { title: 'تم الإلغاء', text: 'لم يتم ربط أي شيء.' },
    superseded: { title: 'حلّت محلها محاولة أحدث', text: replaced },
    blocked: { title: 'لم يتم الربط', text: notSetUp },
  },

  problemTitles: {
    return_unknown: 'لا توجد عملية ربط جارية',
    return_other_browser: 'بدأت العملية في متصفح آخر',
    return_malformed: 'تعذّرت قراءة رد GitHub',
    missing_installation: 'لم تُحدَّد عملية التثبيت',
    state_replayed: 'تم استخدامه من قبل',
    rate_limited: 'محاولات كثيرة جدًا',
    not_found: 'لا يوجد شيء هنا',
  },

  errors: {
    invalid_request: notLikeThis,
    session_required: 'يُرجى تسجيل الدخول ثم المحاولة مرة أخرى.',
    forbidden: 'ليست لديك صلاحية ربط GitHub لهذه المؤسسة. يُرجى سؤال أحد المشرفين.',
    request_not_trusted: notLikeThis,
    not_found: 'يُرجى الرجوع والبدء من جديد.',
    method_not_allowed: notLikeThis,
    payload_too_large: notLikeThis,
    unsupported_media_type: notLikeThis,
    rate_limited: 'يُرجى الانتظار قليلاً ثم المحاولة مرة أخرى.',
    internal: wentWrong,
    identity_unavailable: 'تعذّر علينا التحقق من هويتك. يُرجى المحاولة مرة أخرى.',
    storage_unavailable: 'الخدمة مشغولة. يُرجى المحاولة مرة أخرى.',
    shutting_down: 'تجري إعادة تشغيل الخدمة. يُرجى المحاولة مرة أخرى.',
    return_unknown:
      'فُتحت هذه الصفحة دون وجود عملية ربط جارية. ارجع إلى الصفحة التي بدأت منها واربط GitHub من هناك.',
    return_other_browser: 'بدأت عملية الربط في متصفح آخر. تابع هناك، أو ابدأ من جديد هنا.',
    return_malformed: 'يُرجى البدء من جديد.',
    state_replayed: 'تم استخدام هذا الرد من GitHub من قبل.',
    missing_installation: 'لم يحدّد GitHub عملية التثبيت. يُرجى البدء من جديد.',
    session_mismatch: 'سجّل شخص آخر الدخول في هذه الأثناء. يُرجى البدء من جديد.',
    flow_expired: 'استغرق الأمر وقتًا طويلاً. يُرجى البدء من جديد.',
    flow_superseded: replaced,
    flow_cancelled: 'تم إلغاء هذه المحاولة.',
    installation_not_found: 'التطبيق غير مثبّت هناك، أو لا يمكن رؤيته. يُرجى تثبيته ثم المحاولة مرة أخرى.',
    installation_unusable: 'التطبيق مثبّت، لكنه معلّق أو محذوف على GitHub.',
    already_bound: 'هناك حساب GitHub آخر مربوط بالفعل. يجب فصله أولاً.',
    installation_in_use: 'حساب GitHub هذا مربوط بالفعل في مكان آخر.',
    account_mismatch: 'تم تثبيت التطبيق على حساب GitHub غير الحساب المتوقع هنا. يُرجى اختيار الحساب المتوقع.',
    ownership_not_proved:
      'لا يمكن ربط حساب GitHub إلا من قِبل أحد مالكيه. اطلب ذلك من أحد المالكين، أو اختر حسابًا تملكه.',
    ownership_declined: 'لم تؤكّد هويتك على GitHub، ولذلك لم يتم ربط أي شيء.',
    ownership_unavailable:
      'تعذّر سؤال GitHub عن مالك الحساب، ولذلك لم يتم ربط أي شيء. يُرجى المحاولة مرة أخرى.',
    ownership_sign_on: 'تشترط مؤسستك تسجيل الدخول الموحّد. سجّل الدخول إليها على GitHub ثم حاول مرة أخرى.',
    not_connected: 'GitHub غير مربوط، أو يجب ربطه من جديد.',
    partner_key_refused: notSetUp,
    scope_missing: notSetUp,
    return_url_not_allowed: notSetUp,
    organization_unknown: notSetUp,
    install_url_refused: notSetUp,
    ownership_misconfigured: notSetUp,
    kill_switch: 'الربط متوقف حاليًا. يُرجى المحاولة لاحقًا.',
    upstream_refused: notSetUp,
    upstream_invalid: wentWrong,
    upstream_rate_limited: 'الخدمة مشغولة. يُرجى المحاولة مرة أخرى بعد قليل.',
    upstream_unavailable: 'يتعذّر الوصول إلى الخدمة. يُرجى المحاولة مرة أخرى.',
  },
}
