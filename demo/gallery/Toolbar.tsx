// Links that show the gallery in another theme, direction, language or width.
import type { ReactNode } from 'react'
import { languages } from './languages.ts'
import { addressWith } from './settings.ts'
import type { Settings } from './settings.ts'

export function Toolbar({ settings }: { readonly settings: Settings }): ReactNode {
  const link = (label: string, change: Partial<Settings>) => (
    <a
      key={label}
      href={addressWith(settings, change)}
      aria-current={
        Object.entries(change).every(([name, value]) => Reflect.get(settings, name) === value) || undefined
      }
    >
      {label}
    </a>
  )
  return (
    <header className="toolbar">
      <h1>Gallery</h1>
      {settings.layout === 'list' && (
        <nav aria-label="What is shown">
          <span>{(['cases', 'walk', 'brands'] as const).map((view) => link(view, { view }))}</span>
          <span>{(['both', 'light', 'dark', 'auto'] as const).map((theme) => link(theme, { theme }))}</span>
          <span>{(['ltr', 'rtl'] as const).map((dir) => link(dir, { dir }))}</span>
          <span>{[320, 480, 560, 900].map((width) => link(String(width), { width }))}</span>
          <span>{['en', ...languages.keys(), 'all'].map((language) => link(language, { language }))}</span>
          {settings.state !== '' && <span>{link('every state', { state: '' })}</span>}
        </nav>
      )}
    </header>
  )
}
