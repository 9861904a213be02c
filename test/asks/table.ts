// Every row: defects that were measured in other packages, and what users of such packages ask for.
import type { Ask } from './ask.ts'
import { lifecycle } from './table-lifecycle.ts'
import { pages } from './table-pages.ts'
import { server } from './table-server.ts'
import { windows } from './table-windows.ts'

export const asks: readonly Ask[] = [...windows, ...lifecycle, ...pages, ...server]
