// Every row: defects that were measured in other packages, and what users of such packages ask for.
import type { Ask } from './ask.ts'
import { lifecycle } from './table-lifecycle.ts'
import { looks } from './table-looks.ts'
import { opening } from './table-opening.ts'
import { pages } from './table-pages.ts'
import { server } from './table-server.ts'
import { windows } from './table-windows.ts'

export const asks: readonly Ask[] = [...windows, ...opening, ...lifecycle, ...pages, ...looks, ...server]
