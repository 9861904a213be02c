// Measures contrast as WCAG 2.2 defines it, of colours in whatever notation the browser computes them.
import type { Locator } from '@playwright/test'

export interface Colours {
  readonly name: string
  /** Red, green and blue from 0 to 255. */
  readonly text: readonly number[]
  readonly background: readonly number[]
}

/** The colours of elements, drawn and read back as pixels. The name is that of the card. */
export const readColours = (elements: Locator): Promise<readonly Colours[]> =>
  elements.evaluateAll((found) => {
    const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
    if (!context) throw new Error('no canvas')
    const toPixel = (colour: string) => {
      context.clearRect(0, 0, 1, 1)
      context.fillStyle = colour
      context.fillRect(0, 0, 1, 1)
      return Array.from(context.getImageData(0, 0, 1, 1).data).slice(0, 3)
    }
    return found.map((element) => {
      const { color, backgroundColor } = getComputedStyle(element)
      const name = element.closest('figure')?.dataset['case'] ?? ''
      return { name, text: toPixel(color), background: toPixel(backgroundColor) }
    })
  })

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** From 1 to 21. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrastOf({ text, background }: Pick<Colours, 'text' | 'background'>): number {
  const [dark = 0, light = 0] = [luminance(text), luminance(background)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}
