// News of changed flows within a process, and changes of many rows in steps.
import { describe, expect, test } from 'vitest'
import { inBatches } from '../../bff/storage/batches.ts'
import { createFlowChanges } from '../../bff/storage/flow-changes.ts'

describe('news', () => {
  test('reach every listener, each id on its own, until it unsubscribes', () => {
    const changes = createFlowChanges()
    const heard: string[] = []
    const listener = (flowId: string): void => void heard.push(flowId)
    const unsubscribe = changes.subscribe(listener)
    changes.subscribe(listener)
    changes.notify(['a', 'b'])
    expect(heard).toEqual(['a', 'a', 'b', 'b'])
    unsubscribe()
    unsubscribe()
    changes.notify(['c'])
    expect(heard.slice(4)).toEqual(['c'])
  })

  test('that may have been missed are told to those who want to hear of that', () => {
    const changes = createFlowChanges()
    let missed = 0
    let heard = 0
    const unsubscribe = changes.subscribeMissed(() => void (missed += 1))
    changes.subscribe(() => void (heard += 1))
    changes.notifyMissed()
    expect([missed, heard]).toEqual([1, 0])
    unsubscribe()
    changes.notifyMissed()
    expect(missed).toBe(1)
  })

  test('reach the others when one listener fails or unsubscribes meanwhile', () => {
    const changes = createFlowChanges()
    const heard: string[] = []
    changes.subscribe(() => {
      throw new Error('mine')
    })
    const unsubscribe = changes.subscribe(() => {
      heard.push('first')
      unsubscribe()
    })
    changes.subscribe(() => void heard.push('second'))
    changes.notify(['a'])
    changes.notify(['b'])
    expect(heard).toEqual(['first', 'second', 'second'])
  })

  test('reach nobody once the store is closed', () => {
    const changes = createFlowChanges()
    let heard = 0
    changes.subscribe(() => void (heard += 1))
    changes.subscribeMissed(() => void (heard += 1))
    changes.clear()
    changes.notify(['a'])
    changes.notifyMissed()
    expect(heard).toBe(0)
  })

  test('reach ten thousand listeners, and no more may come', () => {
    const changes = createFlowChanges()
    for (let count = 1; count < 10_000; count += 1) changes.subscribe(() => undefined)
    const unsubscribe = changes.subscribe(() => undefined)
    const cure =
      'storage: more than 10000 listeners for flow changes; call the function that onFlowChanged returned'
    expect(() => changes.subscribe(() => undefined)).toThrow(new RangeError(cure))
    unsubscribe()
    expect(() => changes.subscribe(() => undefined)).not.toThrow()
  })
})

describe('many rows', () => {
  async function run(counts: readonly number[]): Promise<{ total: number; calls: number }> {
    let calls = 0
    const total = await inBatches(10, () => counts[calls++] ?? 0)
    return { total, calls }
  }

  test('are changed batch by batch until one is not full', async () => {
    expect(await run([10, 10, 3])).toEqual({ total: 23, calls: 3 })
    expect(await run([10, 0])).toEqual({ total: 10, calls: 2 })
    expect(await run([0])).toEqual({ total: 0, calls: 1 })
    expect(await run([9])).toEqual({ total: 9, calls: 1 })
  })

  test('leave the process to others between two batches', async () => {
    const order: string[] = []
    const changing = inBatches(1, () => {
      order.push('batch')
      return order.length < 3 ? 1 : 0
    })
    setImmediate(() => order.push('request'))
    await changing
    expect(order[1]).toBe('request')
  })
})
