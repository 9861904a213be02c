// The control page.
import { html } from '../html.ts'
import type { World } from '../world.ts'

export function renderControlPage(_world: World, urls: { layersUrl: string; githubUrl: string }): string {
  return html`<!doctype html><title>Sandbox</title>
    <p>${urls.layersUrl} ${urls.githubUrl}</p>`.markup
}
