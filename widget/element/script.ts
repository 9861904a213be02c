// The classic script connect-github.js: defines <connect-github> and leaves no name behind.
import { defineElement } from './define.ts'

defineElement()
