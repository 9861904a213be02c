// Stands in for react-dom/client in the built element: Preact, made to keep two habits of React that the card relies on.
import { options } from 'preact'
import { createRoot as createPreactRoot } from 'preact/compat/client'

let isPrepared = false
let isRemoving = false

export function createRoot(container: Element): ReturnType<typeof createPreactRoot> {
  prepare()
  // React reports no blur of an element it removes itself; Chromium would, and the card would take it for leaving it.
  const drop = (event: Event) => isRemoving && event.stopImmediatePropagation()
  container.addEventListener('focusout', drop, { capture: true })
  return createPreactRoot(container)
}

/** Not in the module's body, which a bundler leaves out of a package that declares no side effects. */
function prepare(): void {
  if (isPrepared) return
  isPrepared = true
  // Effects do not wait for a frame: a page behind GitHub's window gets none and, after a while, one timer a minute
  // (https://developer.chrome.com/blog/timer-throttling-in-chrome-88).
  options.requestAnimationFrame = (effects) => queueMicrotask(effects)
  const former = options.unmount?.bind(options)
  options.unmount = (node) => {
    former?.(node)
    if (isRemoving) return
    isRemoving = true
    queueMicrotask(() => (isRemoving = false))
  }
}
