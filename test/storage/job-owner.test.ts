// Who holds a binding job, and when such an owner is certainly gone.
import { spawnSync } from 'node:child_process'
import { hostname } from 'node:os'
import { describe, expect, test, vi } from 'vitest'
import { createJobOwner, isOwnerGone } from '../../bff/storage/job-owner.ts'

const self = createJobOwner()
const isGone = isOwnerGone(self)
const nobody = spawnSync(process.execPath, ['-e', '']).pid

test('an owner is named by host and process, and no two have one name', () => {
  const owners = Array.from({ length: 100 }, () => createJobOwner())
  expect(new Set(owners).size).toBe(100)
  for (const owner of owners) {
    expect(owner.startsWith(`${hostname()}/${process.pid}/`)).toBe(true)
    expect(owner).toMatch(/\/[A-Za-z0-9_-]{12}$/)
  }
})

describe('an owner is gone', () => {
  test('when its process does not exist', () => {
    expect(isGone(`${hostname()}/${nobody}/abc`)).toBe(true)
  })

  test('when it had this process’s id and is not one of its own, as in a container that was started again', () => {
    expect(isGone(`${hostname()}/${process.pid}/abc`)).toBe(true)
  })
})

describe('an owner is not gone', () => {
  test('when it lives in this process, whether or not it was named here', () => {
    expect(isGone(self)).toBe(false)
    expect(isGone(createJobOwner())).toBe(false)
    const named = `${hostname()}/${process.pid}/named-elsewhere`
    expect(isGone(named)).toBe(true)
    isOwnerGone(named)
    expect(isGone(named)).toBe(false)
  })

  test('when its process is alive, also somebody else’s', () => {
    expect(isGone(`${hostname()}/${process.ppid}/abc`)).toBe(false)
    const denied = Object.assign(new Error('not permitted'), { code: 'EPERM' })
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
      throw denied
    })
    expect(isGone(`${hostname()}/${nobody}/abc`)).toBe(false)
    expect(kill).toHaveBeenCalledWith(nobody, 0)
  })

  test.each([
    ['on another host', `elsewhere/${nobody}/abc`],
    ['with something before the host', `x${hostname()}/${nobody}/abc`],
    ['without a name', `${hostname()}/${nobody}/`],
    ['with more behind the name', `${hostname()}/${nobody}/abc/def`],
    ['with something odd in the name', `${hostname()}/${nobody}/a b`],
    ['with no process', `${hostname()}/0/abc`],
    ['with a zero before the process', `${hostname()}/0${nobody}/abc`],
    ['with a process that is no number', `${hostname()}/x${nobody}/abc`],
    ['with a process beyond any', `${hostname()}/99999999999/abc`],
    ['with a host of two parts', `a/${hostname()}/${nobody}/abc`],
    ['without a host', `/${nobody}/abc`],
    ['that cannot be read', 'somebody'],
    ['that is empty', ''],
  ])('%s: only its lease counts', (_, owner) => {
    expect(isGone(owner)).toBe(false)
  })
})
