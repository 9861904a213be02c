// Lets things arrive at a constant rate, whether or not earlier ones are done: a load that waited for answers would hide every stall
// ("coordinated omission", https://www.scylladb.com/2021/04/22/on-coordinated-omission/).
import { setTimeout as delay } from 'node:timers/promises'

export interface Timetable {
  readonly perSecond: number
  readonly durationMs: number
  /** More than so many at the same moment are not begun. */
  readonly atOnce: number
  /**
   * @param scheduledAt when it should have begun, by `performance.now()`: what is measured is measured from here, so that a customer who
   * had to wait for us has waited.
   */
  readonly arrive: (scheduledAt: number, index: number) => Promise<void>
}

export interface TimetableOutcome {
  readonly arrived: number
  /** Not begun, because too many others were under way. */
  readonly dropped: number
}

/** Resolves when all that began have ended. */
export async function keepTimetable(timetable: Timetable): Promise<TimetableOutcome> {
  const { perSecond, durationMs, atOnce, arrive } = timetable
  const startedAt = performance.now()
  const underWay = new Set<Promise<void>>()
  const count = Math.floor((perSecond * durationMs) / 1000)
  let dropped = 0
  for (let index = 0; index < count; index += 1) {
    const scheduledAt = startedAt + (index * 1000) / perSecond
    const earlyMs = scheduledAt - performance.now()
    // Those that are late already begin at once, all of them.
    if (earlyMs > 0) await delay(earlyMs)
    if (underWay.size >= atOnce) {
      dropped += 1
      continue
    }
    const arrival = arrive(scheduledAt, index).finally(() => underWay.delete(arrival))
    underWay.add(arrival)
  }
  await Promise.all(underWay)
  return { arrived: count - dropped, dropped }
}
