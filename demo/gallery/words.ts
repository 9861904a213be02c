// Which of the widget's texts are on a card: to be seen, or to be read out.
import type { Messages } from '../../widget/index.ts'
import type { TextName } from './case.ts'

/** The texts of a name, cut where an account, a date or a page is filled in. */
export function textsOf(messages: Messages, name: TextName): readonly string[] {
  const text = messages[name]
  const whole = typeof text === 'string' ? [text] : [text.title, text.next]
  return whole.flatMap((part) => part.split(/\{\w+\}/)).filter((part) => part.trim() !== '')
}

/** Everything an element says, also in labels, titles and fields. */
export function wordsOn(element: Element): string {
  const parts = [element.textContent ?? '']
  for (const node of element.querySelectorAll('[aria-label], [title]')) {
    parts.push(node.ariaLabel ?? '', node.getAttribute('title') ?? '')
    if (node instanceof HTMLInputElement) parts.push(node.value)
  }
  return parts.join('\n')
}
