// What a customer does in the browser, over WebDriver: signs in, presses what has a name, and installs on GitHub.
import { expect } from '@playwright/test'
import type { Demo } from '../../demo/start-demo.ts'
import type { Element, Session } from './webdriver.ts'

const CONTROLS = 'button, a[href], input'

/** Looks until that does not throw; the page may be on its way. */
async function insist<T>(look: () => Promise<T>): Promise<T> {
  const found: T[] = []
  await expect(async () => {
    found.push(await look())
  }).toPass()
  for (const result of found) return result
  throw new Error('Whatever passed has a result.')
}

/** The control on the page that a screen reader calls so. */
export function find(webkit: Session, name: string | RegExp): Promise<Element> {
  return insist(async () => {
    const labels: string[] = []
    for (const control of await webkit.findAll(CONTROLS)) {
      // What is not shown has no name in the accessibility tree, and asking for it is an error.
      if (!(await control.isShown())) continue
      const label = await control.label()
      if (typeof name === 'string' ? label === name : name.test(label)) return control
      labels.push(label)
    }
    throw new Error(`Nothing is called ${String(name)}, only: ${labels.join(', ')}`)
  })
}

export async function press(webkit: Session, name: string | RegExp): Promise<void> {
  const control = await find(webkit, name)
  await control.click()
}

export async function expectUrl(webkit: Session, start: string): Promise<void> {
  await expect(async () => expect((await webkit.url()).slice(0, start.length)).toBe(start)).toPass()
}

/** @param text somewhere in the card. */
export async function expectCard(webkit: Session, text: string): Promise<void> {
  await expect(async () => {
    const [card] = await webkit.findAll('[data-cgh-layout]')
    expect(await card?.text()).toContain(text)
  }).toPass()
}

export async function signIn(webkit: Session, demo: Demo): Promise<void> {
  await webkit.open(`${demo.hostUrl}/login`)
  await press(webkit, /^Ada Lindqvist/)
  await expect(async () => expect(await webkit.url()).toBe(`${demo.hostUrl}/`)).toPass()
  await webkit.open(`${demo.hostUrl}/integrations`)
}

/** Presses what opens GitHub, and goes to its window. */
export async function openGitHub(webkit: Session, demo: Demo, button = 'Connect GitHub'): Promise<void> {
  const before = await webkit.windows()
  await press(webkit, button)
  const opened = await insist(async () => {
    const window = (await webkit.windows()).find((handle) => !before.includes(handle))
    if (window === undefined) throw new Error('No window was opened.')
    return window
  })
  await webkit.switchTo(opened)
  await expectUrl(webkit, demo.sandbox.githubUrl)
}

/** Chooses an account on the sandbox's install page and presses the button. */
export async function installOnGitHub(webkit: Session, account = 'acme-coffee'): Promise<void> {
  await press(webkit, account)
  await press(webkit, 'Install')
}
