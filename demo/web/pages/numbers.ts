// The invented figures on the overview, one set per company.
import type { Company } from '../../people.ts'

interface Figure {
  readonly title: string
  readonly value: string
  readonly change: string
  readonly direction: 'up' | 'down'
}

interface Release {
  readonly title: string
  readonly shipped: string
  readonly effect: string
}

export interface Numbers {
  readonly figures: readonly Figure[]
  /** Sign-ups per week, oldest first. */
  readonly signUps: readonly number[]
  readonly releases: readonly Release[]
}

export const NUMBERS: Readonly<Record<Company['id'], Numbers>> = {
  northwind: {
    figures: [
      { title: 'New customers', value: '1,284', change: '6.2 %', direction: 'up' },
      { title: 'Activated in a week', value: '41 %', change: '2.4 points', direction: 'up' },
      { title: 'Still here after a month', value: '68 %', change: '0.8 points', direction: 'down' },
    ],
    signUps: [212, 240, 228, 251, 263, 259, 284, 301, 296, 318, 342, 367],
    releases: [
      { title: 'Guest checkout', shipped: 'Tuesday', effect: '+9 % orders on phones' },
      { title: 'Size guide for boots', shipped: 'last week', effect: '−14 % returns' },
      { title: 'Faster search', shipped: 'two weeks ago', effect: 'too early to say' },
    ],
  },
  globex: {
    figures: [
      { title: 'New teams', value: '312', change: '3.1 %', direction: 'up' },
      { title: 'Activated in a week', value: '57 %', change: '1.2 points', direction: 'down' },
      { title: 'Still here after a month', value: '81 %', change: '0.5 points', direction: 'up' },
    ],
    signUps: [64, 58, 71, 69, 75, 73, 82, 78, 80, 91, 86, 95],
    releases: [
      { title: 'Route planning', shipped: 'Monday', effect: '+4 % jobs per day' },
      { title: 'Offline time sheets', shipped: 'last week', effect: '+11 % weekly use' },
      { title: 'Calendar sync', shipped: 'three weeks ago', effect: '−7 % missed visits' },
    ],
  },
}
