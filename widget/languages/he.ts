// What the widget says in Hebrew.
import type { Language } from '../messages.ts'

const stillInstalled = 'האפליקציה נשארת מותקנת ב-GitHub עד שתוסר שם.'
const moment = 'רק רגע.'
const longer = 'זה לוקח יותר זמן מהרגיל.'
const reconnect = 'נא לחבר את GitHub מחדש.'
const again = 'נא להתחיל מחדש.'
const byItself = 'זה ימשיך מעצמו.'
const soon = 'נא לנסות שוב בעוד רגע.'
const thenTry = 'ואז לנסות שוב.'
const support = 'נא לפנות לתמיכה של אתר זה.'

export const he: Language = {
  tag: 'he',
  dir: 'rtl',
  messages: {
    label: 'החיבור ל-GitHub',
    loading: 'בטעינה…',
    connect: 'חיבור GitHub',
    notConnected: { title: 'חיבור הארגון שלך ב-GitHub', next: 'הבחירה אילו מאגרים לשתף היא שלך.' },
    stillInstalled,
    view_only: 'רק מנהלי הארגון שלך יכולים לשנות זאת.',
    opening: { title: 'פותחים את GitHub…', next: moment },
    openingLong: longer,
    waiting: { title: 'ממשיכים ב-GitHub', next: 'יש לבחור שם מה לשתף.' },
    waitingLong: 'האפליקציה כבר מותקנת? יש ללחוץ על “Save” ב-GitHub, או להתחיל מחדש.',
    popupBlocked: 'הדפדפן שלך חסם את החלון.',
    openAgain: 'פתיחת GitHub שוב',
    continueHere: 'המשך בלשונית הזאת',
    startOver: 'התחלה מחדש',
    cancel: 'ביטול',
    authorizing: {
      title: 'שלב אחד נוסף ב-GitHub',
      next: 'יש לאמת שם את זהותך.',
    },
    continueOnGitHub: 'המשך ב-GitHub',
    returned: { title: 'חזרת מ-GitHub', next: 'בודקים שזה עדיין אותו אדם.' },
    binding: { title: 'משלימים את החיבור…', next: moment },
    finishingLong: `${longer} אפשר לעזוב את הדף.`,
    connected: 'GitHub מחובר',
    connectedTo: 'מחובר אל {account}',
    Organization: 'ארגון',
    User: 'חשבון אישי',
    since: 'מאז {date}',
    manage: 'ניהול ב-GitHub',
    newWindow: 'נפתח בחלון חדש',
    disconnect: 'ניתוק',
    confirm: { title: 'לנתק את GitHub?', next: stillInstalled },
    keep: 'להישאר מחוברים',
    awaiting_approval: {
      title: 'ממתינים לאישור של בעלים',
      next: 'יש לשלוח לאחד הבעלים את ההודעה הזאת:',
    },
    approval:
      'נא לאשר את ה-GitHub App שביקשתי, בהגדרות הארגון שלנו ב-GitHub תחת “GitHub Apps”. לאחר מכן יש לפתוח את {page} וללחוץ על “חיבור GitHub”.',
    copy: 'העתקת ההודעה',
    copied: 'הועתק',
    copyByHand: 'נא להעתיק את הטקסט ידנית',
    checkAgain: 'בדיקה חוזרת',
    notApproved: 'נבדק: עדיין לא אושר.',
    tryAgain: 'ניסיון נוסף',
    framed: {
      title: 'נא לפתוח את הדף הזה בלשונית נפרדת',
      next: 'בתוך אתר אחר הדפדפן שלך אינו שומר על הכניסה לחשבון.',
    },
    openInTab: 'פתיחה בלשונית חדשה',
    reconnect: 'חיבור מחדש',
    uninstalled: { title: 'האפליקציה הוסרה מ-GitHub', next: reconnect },
    suspended: { title: 'האפליקציה מושעית ב-GitHub', next: 'אפשר לבטל שם את ההשעיה, או לחבר מחדש.' },
    detached: { title: 'GitHub כבר לא מחובר', next: reconnect },
    unusable: { title: 'החיבור ל-GitHub כבר לא פועל', next: reconnect },
    conflict: {
      title: 'GitHub כבר מחובר',
      next: `לקוח אחר של אתר זה משתמש בחיבור היחיד. ${support}`,
    },
    support: 'קוד:',

    internal: { title: 'משהו השתבש', next: soon },
    rate_limited: { title: 'יותר מדי ניסיונות', next: soon },
    unreachable: { title: 'אין כרגע גישה לשירות', next: byItself },
    offline: { title: 'נראה שאין חיבור לאינטרנט', next: byItself },
    upstream_refused: { title: 'לא ניתן לחבר כרגע את GitHub', next: support },
    kill_switch: { title: 'החיבור מושבת כרגע', next: 'נא לנסות מאוחר יותר.' },
    session_required: { title: 'נא להיכנס לחשבון', next: thenTry },
    session_mismatch: { title: 'בינתיים נכנס מישהו אחר', next: again },
    flow_expired: { title: 'זה ארך זמן רב מדי', next: again },
    forbidden: { title: 'אין לך הרשאה לחבר את GitHub', next: 'נא לפנות למנהלי הארגון שלך.' },
    not_connected: { title: 'GitHub אינו מחובר', next: 'נא לחבר אותו.' },
    installation_not_found: {
      title: 'האפליקציה אינה מותקנת שם',
      next: 'נא להתקין אותה לפחות במאגר אחד.',
    },
    installation_unusable: { title: 'האפליקציה הושעתה או הוסרה ב-GitHub', next: again },
    already_bound: {
      title: 'חשבון GitHub אחר כבר מחובר',
      next: `צריך לנתק אותו קודם אצל Layers. ${support}`,
    },
    installation_in_use: {
      title: 'חשבון GitHub הזה כבר מחובר במקום אחר',
      next: `יש לבחור חשבון אחר. ${support}`,
    },
    account_mismatch: { title: 'כאן מצופה חשבון GitHub אחר', next: 'נא לבחור בחשבון ההוא.' },
    ownership_not_proved: {
      title: 'רק בעלים יכולים לחבר את החשבון הזה',
      next: 'אפשר לבקש זאת מהבעלים, או לבחור חשבון שבבעלותך.',
    },
    ownership_declined: { title: 'לא אימתת את זהותך', next: again },
    ownership_sign_on: { title: 'נא להיכנס לארגון שלך ב-GitHub (SSO)', next: thenTry },
  },
  repositories: {
    title: 'מאגרים',
    count: { one: 'מאגר אחד ({count})', two: 'שני מאגרים ({count})', other: '{count} מאגרים' },
    none: 'אין עדיין מאגרים',
    choose: 'נא לבחור ב-GitHub.',
    failed: 'לא ניתן לטעון את המאגרים',
    search: 'חיפוש מאגרים',
    noMatch: 'אין מאגר בשם הזה.',
    private: 'פרטי',
    more: 'הצגת עוד',
  },
}
