// What the pages say in Hebrew.
import type { PageTexts } from '../page-texts.ts'

const notSetUp = 'החיבור לא הוגדר כראוי. נא לפנות לתמיכה של אתר זה.'
const notLikeThis = 'אי אפשר לפתוח את הדף הזה כך. נא לחזור ולהתחיל מחדש.'
const wentWrong = 'משהו השתבש אצלנו. נא לנסות שוב.'
const replaced = 'ניסיון חדש יותר החליף את הניסיון הזה.'

export const he: PageTexts = {
  tag: 'he',
  dir: 'rtl',

  goBack: 'חזרה',
  tryAgain: 'ניסיון נוסף',
  continueOnGitHub: 'המשך ב-GitHub',
  reference: 'מספר סימוכין לתמיכה:',
  closeWindow: 'אפשר לסגור את החלון הזה.',
  failed: 'הפעולה לא הצליחה',

  opening: { title: 'פותחים את GitHub…', text: 'רק רגע, זה ממשיך מעצמו.' },
  cannotOpen: 'לא הצלחנו לפתוח את GitHub. נא לחזור ולנסות שוב.',
  notOpened: 'GitHub לא נפתח',

  notFinished: 'עדיין לא הסתיים',
  elsewhere: {
    title: 'אפשר לסגור את החלון הזה',
    text: 'התוצאה מוצגת בדף שבו התחלת.',
  },
  noLongerCounted:
    'ייתכן שהאפליקציה כבר מותקנת ב-GitHub, אבל הניסיון הזה כבר לא היה בתוקף ולכן לא חובר דבר. נא לחזור ולחבר את GitHub שוב.',
  whoYouAre:
    'האפליקציה מותקנת. עכשיו GitHub יבקש לאמת את זהותך: רק בעלים של החשבון יכולים לחבר אותו, כדי שאיש לא יחבר חשבון שאינו שלו.',

  statuses: {
    starting: { title: 'פותחים את GitHub…', text: 'מכינים את GitHub.' },
    waiting: { title: 'ממשיכים ב-GitHub', text: 'יש לבחור שם אילו מאגרים לשתף.' },
    returned: { title: 'חזרת מ-GitHub', text: 'בודקים שזה עדיין אותו אדם.' },
    authorizing: { title: 'שלב אחד נוסף ב-GitHub', text: 'יש לאמת ב-GitHub את זהותך.' },
    binding: { title: 'תודה, כמעט סיימנו', text: 'התקבל. משלימים את החיבור.' },
    connected: { title: 'GitHub מחובר', text: 'זה מוצג גם בדף שבו התחלת.' },
    awaiting_approval: {
      title: 'נשלחה בקשה לאישור',
      text: 'בעלים של הארגון ב-GitHub צריכים לאשר את הבקשה.',
    },
    conflict: { title: 'לא חובר', text: 'חשבון GitHub אחר כבר מחובר.' },
    refused: { title: 'לא חובר', text: 'לא ניתן היה לחבר את ההתקנה הזאת.' },
    expired: { title: 'זה ארך זמן רב מדי', text: 'נא להתחיל מחדש.' },
    cancelled: { title: 'בוטל', text: 'לא חובר דבר.' },
    superseded: { title: 'הוחלף בניסיון חדש יותר', text: replaced },
    blocked: { title: 'לא חובר', text: notSetUp },
  },

  problemTitles: {
    return_unknown: 'אין חיבור בתהליך',
    return_other_browser: 'התחיל בדפדפן אחר',
    return_malformed: 'לא ניתן היה לקרוא את התשובה של GitHub',
    missing_installation: 'לא צוינה התקנה',
    state_replayed: 'כבר נעשה בזה שימוש',
    rate_limited: 'יותר מדי ניסיונות',
    not_found: 'אין כאן כלום',
  },

  errors: {
    invalid_request: notLikeThis,
    session_required: 'נא להיכנס לחשבון ולנסות שוב.',
    forbidden: 'אין לך הרשאה לחבר את GitHub עבור הארגון הזה. נא לפנות למנהל המערכת.',
    request_not_trusted: notLikeThis,
    not_found: 'נא לחזור ולהתחיל מחדש.',
    method_not_allowed: notLikeThis,
    payload_too_large: notLikeThis,
    unsupported_media_type: notLikeThis,
    rate_limited: 'נא להמתין רגע ולנסות שוב.',
    internal: wentWrong,
    identity_unavailable: 'לא הצלחנו לאמת את זהותך. נא לנסות שוב.',
    storage_unavailable: 'השירות עמוס. נא לנסות שוב.',
    shutting_down: 'השירות מופעל מחדש. נא לנסות שוב.',
    return_unknown: 'הדף הזה נפתח בלי שיש חיבור בתהליך. נא לחזור לדף שבו התחלת ולחבר את GitHub משם.',
    return_other_browser: 'החיבור התחיל בדפדפן אחר. אפשר להמשיך שם, או להתחיל כאן מחדש.',
    return_malformed: 'נא להתחיל מחדש.',
    state_replayed: 'כבר נעשה שימוש בתשובה הזאת של GitHub.',
    missing_installation: 'GitHub לא ציין באיזו התקנה מדובר. נא להתחיל מחדש.',
    session_mismatch: 'בינתיים נכנס מישהו אחר. נא להתחיל מחדש.',
    flow_expired: 'זה ארך זמן רב מדי. נא להתחיל מחדש.',
    flow_superseded: replaced,
    flow_cancelled: 'הניסיון הזה בוטל.',
    installation_not_found: 'האפליקציה אינה מותקנת שם, או שאי אפשר לראות אותה. נא להתקין אותה ולנסות שוב.',
    installation_unusable: 'האפליקציה מותקנת, אבל הושעתה או הוסרה ב-GitHub.',
    already_bound: 'חשבון GitHub אחר כבר מחובר. צריך לנתק אותו קודם.',
    installation_in_use: 'חשבון GitHub הזה כבר מחובר במקום אחר.',
    account_mismatch: 'האפליקציה הותקנה בחשבון GitHub אחר מזה שמצופה כאן. נא לבחור בחשבון המצופה.',
    ownership_not_proved:
      'רק בעלים של חשבון GitHub יכולים לחבר אותו. אפשר לבקש זאת מהבעלים, או לבחור חשבון שבבעלותך.',
    ownership_declined: 'לא אימתת ב-GitHub את זהותך, ולכן לא חובר דבר.',
    ownership_unavailable: 'לא הצלחנו לברר ב-GitHub מי הבעלים של החשבון, ולכן לא חובר דבר. נא לנסות שוב.',
    ownership_sign_on: 'הארגון שלך דורש כניסה יחידה (SSO). נא להיכנס אליו ב-GitHub ולנסות שוב.',
    not_connected: 'GitHub אינו מחובר, או שצריך לחבר אותו שוב.',
    partner_key_refused: notSetUp,
    scope_missing: notSetUp,
    return_url_not_allowed: notSetUp,
    organization_unknown: notSetUp,
    install_url_refused: notSetUp,
    ownership_misconfigured: notSetUp,
    kill_switch: 'החיבור מושבת כרגע. נא לנסות מאוחר יותר.',
    upstream_refused: notSetUp,
    upstream_invalid: wentWrong,
    upstream_rate_limited: 'השירות עמוס. נא לנסות שוב בעוד רגע.',
    upstream_unavailable: 'אין גישה לשירות. נא לנסות שוב.',
  },
}
